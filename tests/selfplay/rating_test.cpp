#include "selfplay/rating.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tengen::selfplay;

TEST_CASE("Elo follows from the score by the logistic formula", "[selfplay][rating]") {
  CHECK(elo_difference(0.5) == Approx(0).margin(1e-12));
  CHECK(elo_difference(10.0 / 11) == Approx(400));  // odds of 10 to 1
  CHECK(elo_difference(1.0 / 11) == Approx(-400));
  CHECK(elo_difference(0.75) == Approx(190.8485));
  CHECK(std::isinf(elo_difference(1)));
  CHECK(elo_difference(0) < 0);
}

TEST_CASE("The expected score undoes the Elo difference", "[selfplay][rating]") {
  for (double score : {0.01, 0.3, 0.5, 0.64, 0.99})
    CHECK(expected_score(elo_difference(score)) == Approx(score));
}

TEST_CASE("The Wilson interval matches values computed by hand", "[selfplay][rating]") {
  // s = 0.8, n = 100: centre 0.788891, half width 0.077734 (z = 1.96).
  const Interval interval = wilson_interval(0.8, 100, 1.96);
  CHECK(interval.low == Approx(0.71117).margin(1e-4));
  CHECK(interval.high == Approx(0.86663).margin(1e-4));
  const Interval perfect = wilson_interval(1.0, 10, 1.96);  // low = 1 / (1 + z^2 / n)
  CHECK(perfect.low == Approx(1 / (1 + 0.38416)));
  CHECK(perfect.high == Approx(1));
  CHECK(wilson_interval(0.5, 0).low == 0);
  CHECK(wilson_interval(0.5, 0).high == 1);
}

TEST_CASE("A tally counts draws as half a win", "[selfplay][rating]") {
  Tally tally;
  for (float result : {1.0f, 1.0f, 0.0f, -1.0f}) tally.add(result);
  CHECK(tally.wins == 2);
  CHECK(tally.draws == 1);
  CHECK(tally.losses == 1);
  CHECK(tally.score() == Approx(0.625));
  CHECK(Tally{}.score() == 0.5);
  CHECK(describe(tally).find("2-1-1 of 4: 62.5%") == 0);
}
