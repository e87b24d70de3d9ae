#include "mcts/puct.hpp"

#include <catch2/catch.hpp>

using namespace tengen::mcts;

TEST_CASE("PUCT equals a value computed by hand", "[mcts][puct]") {
  const SearchConfig config{.c_puct_init = 1.25f, .c_puct_base = 99.0f};
  // N(s) = 100: C = log(200 / 99) + 1.25 = 1.953197, times sqrt(100).
  CHECK(exploration_rate(100, config) == Approx(1.953197));
  CHECK(exploration_scale(100, config) == Approx(19.53197));
  // 0.5 + 0.2 * 19.53197 / (1 + 3)
  CHECK(puct_score(0.5f, exploration_share(0.2f, 3), exploration_scale(100, config)) ==
        Approx(1.4765985));
}

TEST_CASE("First-play urgency falls with the square root of the visited prior, or is fixed",
          "[mcts][puct]") {
  SearchConfig config;
  config.fpu_reduction = 0.5f;
  config.fpu_root_reduction = 0;
  CHECK(first_play_urgency(config, false, 0.3f, 0.0f) == Approx(0.3));
  CHECK(first_play_urgency(config, false, 0.3f, 0.25f) == Approx(0.05));
  CHECK(first_play_urgency(config, true, 0.3f, 1.0f) == Approx(0.3));
  config.fpu_absolute = true;
  config.fpu_root_value = 0.5f;
  CHECK(first_play_urgency(config, false, 0.3f, 0.25f) == Approx(-1));
  CHECK(first_play_urgency(config, true, 0.3f, 0.25f) == Approx(0.5));
}

TEST_CASE("Remembered exploration scales equal the computed ones", "[mcts][puct]") {
  SearchConfig config;
  ExplorationScales scales(config);
  for (int pass = 0; pass < 2; ++pass) {
    for (std::uint32_t n : {0u, 1u, 2u, 1000u, 4095u, 4096u, 1000000u, 1u, 4095u})
      CHECK(scales(n) == exploration_scale(static_cast<float>(n), config));
    config.c_puct_init = 3;
    scales.forget();
  }
}

TEST_CASE("The spread of values starts from the prior's and ends at the values'", "[mcts][puct]") {
  CHECK(value_spread(0.3f, 0.09f, 0) == Approx(kPriorSpread));
  // 2 visits of 1 and -1: variance 1, beside 2 of 0.4 squared.
  CHECK(value_spread(0, 1, 2) == Approx(std::sqrt((2 + 2 * 0.16) / 4)));
  CHECK(value_spread(0.5f, 0.25f, 1e6f) < 0.001f);
  CHECK(value_spread(0.5f, 0.2499f, 100) > 0);  // rounding never makes it a root of less than zero
}

TEST_CASE("Dynamic exploration grows with the spread and is neutral at the prior's",
          "[mcts][puct]") {
  CHECK(spread_factor(kPriorSpread, 0.85f) == 1);
  CHECK(spread_factor(2 * kPriorSpread, 0.85f) == Approx(1.85f));
  CHECK(spread_factor(0, 0.85f) == Approx(0.15f));
  CHECK(spread_factor(0, 3) == 0);
  CHECK(spread_factor(0.1f, 0) == 1);
}
