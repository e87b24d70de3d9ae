#include "selfplay/resign.hpp"

#include <catch2/catch.hpp>

#include "engine/base/error.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

/// A played-on game in which the first player's lowest value was `low0`, the second's `low1`.
GameRecord game_with_lows(float low0, float low1, float result) {
  GameRecord record;
  record.result = result;
  for (std::uint8_t player : {0, 1, 0, 1}) {
    PlyRecord ply;
    ply.player = player;
    ply.root_value = record.plies.size() < 2 ? (player == 0 ? low0 : low1) : 0.5f;
    record.plies.push_back(ply);
  }
  return record;
}

ResignConfig small_config() {
  ResignConfig config;
  config.min_measured = 20;
  config.max_threshold = -0.8;
  config.target_false_positives = 0.05;
  return config;
}

}  // namespace

TEST_CASE("Nobody resigns before enough games are measured", "[selfplay][resign]") {
  ResignPolicy policy(small_config());
  CHECK_FALSE(policy.active());
  for (int i = 0; i < 19; ++i) policy.measure(game_with_lows(0, -0.95f, 1));
  policy.adapt();
  CHECK_FALSE(policy.active());
  policy.measure(game_with_lows(0, -0.95f, 1));
  policy.adapt();
  CHECK(policy.threshold() == Approx(-0.8));
}

TEST_CASE("False positives are resignations of players who did not lose", "[selfplay][resign]") {
  ResignPolicy policy(small_config());
  policy.measure(game_with_lows(0, -0.95f, 1));       // the loser resigns: right
  policy.measure(game_with_lows(-0.85f, -0.95f, 1));  // the winner would have resigned at -0.8
  policy.measure(game_with_lows(-0.99f, 0, 0));       // a draw
  policy.measure(game_with_lows(0, 0, -1));           // nobody
  CHECK(policy.false_positive_rate(-0.8) == Approx(2.0 / 3));
  CHECK(policy.false_positive_rate(-0.9) == Approx(1.0 / 3));
  CHECK(policy.false_positive_rate(-0.97) == Approx(1.0));
  CHECK(policy.false_positive_rate(-1.0) == 0);
}

TEST_CASE("The threshold sinks until the false positives are rare enough", "[selfplay][resign]") {
  ResignPolicy policy(small_config());
  for (int i = 0; i < 40; ++i) policy.measure(game_with_lows(0, -0.98f, 1));
  for (int i = 0; i < 4; ++i) policy.measure(game_with_lows(-0.88f, -0.98f, 1));
  policy.adapt();  // 4 of 44 wrong above -0.88, none below
  CHECK(policy.threshold() < -0.879);
  CHECK(policy.threshold() > -0.9);
  CHECK(policy.false_positive_rate() <= 0.05);
}

TEST_CASE("Games that could be resigned measure nothing", "[selfplay][resign]") {
  ResignPolicy policy(small_config());
  GameRecord record = game_with_lows(0, -0.95f, 1);
  record.resign_disabled = false;
  for (int i = 0; i < 100; ++i) policy.measure(record);
  policy.adapt();
  CHECK_FALSE(policy.active());
}

TEST_CASE("Resign statistics survive saving", "[selfplay][resign]") {
  ResignPolicy policy(small_config());
  for (int i = 0; i < 30; ++i) policy.measure(game_with_lows(-0.1f, -0.9f, 1));
  policy.adapt();
  ResignPolicy other(small_config());
  other.restore(policy.save());
  CHECK(other.threshold() == policy.threshold());
  CHECK(other.save() == policy.save());
  CHECK_THROWS_AS(other.restore("nonsense"), Error);
}
