#include "engine/optim/early_stopping.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

using namespace tengen;

namespace {

/// The rounds until it is enough, or all.
int rounds(EarlyStopping& stopping, const std::vector<ValidationScore>& scores) {
  int round = 0;
  while (round < static_cast<int>(scores.size()) && !stopping.is_enough(round)) {
    const ValidationScore& score = scores[static_cast<std::size_t>(round++)];
    if (stopping.is_better(score)) stopping.keep(round, score);
  }
  return round;
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("Early stopping ends after its patience and knows the best round", "[optim][D13]") {
  EarlyStopping stopping(3);
  CHECK(rounds(stopping, {{1, 5}, {3, 5}, {2, 0}, {4, 9}, {3, 0}, {4, 9}, {kNan, 0}, {5, 0}}) == 7);
  CHECK(stopping.best_round() == 4);
  CHECK(stopping.best().quality == 4);
}

TEST_CASE("The loss decides between equal qualities", "[optim][D13]") {
  EarlyStopping stopping(2);
  CHECK(rounds(stopping, {{1, 5}, {1, 4}, {1, 4}, {1, kNan}, {1, 0}}) == 4);
  CHECK(stopping.best_round() == 2);
}

TEST_CASE("Without patience it is never enough", "[optim][D13]") {
  EarlyStopping stopping(0);
  CHECK(rounds(stopping, std::vector<ValidationScore>(50)) == 50);
  CHECK(stopping.best_round() == 1);
  CHECK_THROWS_AS(EarlyStopping(-1), std::invalid_argument);
}
