#include "selfplay/rating.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/base/random.hpp"

using namespace tengen::selfplay;
using tengen::Rng;

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

TEST_CASE("A match that is won throughout has no upper end", "[selfplay][rating]") {
  for (int games : {1, 3, 4, 7, 20, 1000}) {  // at some the formula alone gives 1 - 1e-16
    CHECK(wilson_interval(1, games).high == 1);
    CHECK(wilson_interval(0, games).low == 0);
    const EloEstimate estimate = estimate_elo({.wins = games});
    CHECK(estimate.elo <= estimate.elo_interval.high);
  }
  CHECK(describe({.wins = 4}).find("Elo +inf (+7 to +inf)") != std::string::npos);
}

TEST_CASE("A chain of one match has its interval", "[selfplay][rating]") {
  const Tally tally{.wins = 620, .draws = 50, .losses = 330};
  const ChainRating rating = ChainRating().of_opponent(tally);
  const EloEstimate match = estimate_elo(tally);
  CHECK(rating.elo() == Approx(match.elo).margin(0.2));
  CHECK(rating.interval().low == Approx(match.elo_interval.low));
  CHECK(rating.interval().high == Approx(match.elo_interval.high));
}

TEST_CASE("Equal matches of a chain widen its interval by their root", "[selfplay][rating]") {
  ChainRating rating;
  for (int i = 0; i < 9; ++i) rating = rating.of_opponent({.wins = 20, .draws = 0, .losses = 20});
  const double half = estimate_elo({.wins = 20, .draws = 0, .losses = 20}).elo_interval.high;
  CHECK(rating.elo() == Approx(0).margin(1e-9));
  CHECK(rating.interval().high == Approx(3 * half));
  CHECK(rating.interval().low == Approx(-3 * half));
}

TEST_CASE("Chains stay finite and inside their interval at whole scores", "[selfplay][rating]") {
  for (int games : {1, 40, 5000})
    for (const Tally& tally : {Tally{.wins = games}, Tally{.losses = games}}) {
      const ChainRating rating = ChainRating().of_opponent(tally);
      CHECK(std::isfinite(rating.interval().low));
      CHECK(std::isfinite(rating.interval().high));
      CHECK(rating.interval().low < rating.elo());
      CHECK(rating.elo() < rating.interval().high);
    }
}

TEST_CASE("The interval of a chain holds the truth as often as it says", "[selfplay][rating]") {
  constexpr int kLinks = 12, kGames = 40, kChains = 1000;
  Rng rng(1);
  int by_chain = 0, by_last_match = 0;
  for (int chain = 0; chain < kChains; ++chain) {
    ChainRating rating;
    double truth = 0;
    Interval last;
    for (int link = 0; link < kLinks; ++link) {
      const double difference = rng.uniform(-60, 140);
      Tally tally;
      for (int game = 0; game < kGames; ++game)
        tally.add(rng.uniform() < expected_score(difference) ? 1.0f : -1.0f);
      truth += difference;
      last = estimate_elo(tally).elo_interval;
      const double before = rating.elo();
      rating = rating.of_opponent(tally);
      last = {before + last.low, before + last.high};
    }
    by_chain += rating.interval().low <= truth && truth <= rating.interval().high;
    by_last_match += last.low <= truth && truth <= last.high;
  }
  CHECK(by_chain > 0.93 * kChains);
  CHECK(by_chain < 0.98 * kChains);
  CHECK(by_last_match < 0.6 * kChains);  // what ratings of a chain were given once
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
