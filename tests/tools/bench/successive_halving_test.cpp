#include "tools/bench/successive_halving.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <vector>

using namespace tengen::tools;

TEST_CASE("Successive halving measures the best candidates longest", "[tools][bench]") {
  const std::vector<double> speeds = {3, 9, 1, 7, 5};
  std::map<std::size_t, double> seconds_of;
  const auto ranking =
      successive_halving("test", speeds.size(), 8, [&](std::size_t index, double seconds) {
        seconds_of[index] += seconds;
        return speeds[index];
      });
  // Rounds of 5, 3, 2 and 1 candidates, two seconds each.
  const std::vector<std::size_t> indices = {1, 3, 4, 0, 2}, rounds = {4, 3, 2, 1, 1};
  for (std::size_t place = 0; place < indices.size(); ++place) {
    CHECK(ranking[place].index == indices[place]);
    CHECK(ranking[place].rates.size() == rounds[place]);
  }
  CHECK(seconds_of[1] == Approx(2.0 / 5 + 2.0 / 3 + 2.0 / 2 + 2.0));
  CHECK(seconds_of[2] == Approx(2.0 / 5));
}

TEST_CASE("Successive halving judges by medians over the rounds", "[tools][bench]") {
  const std::vector<double> speeds = {10, 8, 3, 2, 1};
  int calls = 0;
  const auto ranking = successive_halving("test", speeds.size(), 1, [&](std::size_t index, double) {
    const bool lucky = index == 1 && ++calls == 2;
    return lucky ? 100.0 : speeds[index];
  });
  CHECK(calls == 3);
  CHECK(ranking[0].index == 0);
  CHECK(ranking[1].rate() == 8);
}

TEST_CASE("One candidate needs no contest and none is an error", "[tools][bench]") {
  const auto one = [](std::size_t, double) { return 1.0; };
  CHECK(successive_halving("test", 1, 1, one).front().rates.size() == 1);
  CHECK_THROWS_AS(successive_halving("test", 0, 1, one), std::invalid_argument);
}
