#include "tools/bench/precision_error.hpp"

#include <catch2/catch.hpp>

#include "envs/registry.hpp"
#include "selfplay/alpha_zero.hpp"
#include "selfplay/players/net_player.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tiny_training.hpp"
#include "tools/bench/fixtures.hpp"

using namespace tengen;
using nets::Precision;

namespace {

/// Long enough for sharp policies and values, whose errors are larger than an untrained net's.
selfplay::AlphaZeroConfig brief_training() {
  selfplay::AlphaZeroConfig config = test::tiny_training();
  config.game = "go:size=5";
  config.net = "resnet:blocks=2,channels=32,policy_channels=4,value_channels=4,value_hidden=32";
  config.trainer.precision = "fp32";
  config.iterations = 5;
  config.games_per_iteration = 48;
  config.self_play.games_per_thread = 24;
  config.self_play.simulations = 16;
  config.replay_min = 200;
  config.samples_per_position = 6;
  config.batch = 64;
  config.trainer.learning_rate = 0.01;
  config.trainer.warmup_steps = 10;
  config.weight_average = 0;  // the net as it is, not as it was
  config.evaluate_every = 0;
  return config;
}

}  // namespace

TEST_CASE("A trained net in int8 stays within the bounds of its value and its policy",
          "[tools][bench][slow]") {
  if (!nets::is_supported(Precision::int8)) {
    WARN("SKIPPED: this CPU has no " << nets::requirement(Precision::int8));
    return;
  }
  const selfplay::AlphaZeroConfig config = brief_training();
  const auto game = envs::make_game(config.game);
  const test::TempDir directory;
  selfplay::TrainingObserver nobody;
  selfplay::train(config, directory / "run", nobody);
  const auto fp32 = selfplay::load_plan(directory / "run", *game, Precision::fp32);
  const auto int8 = selfplay::load_plan(directory / "run", *game, Precision::int8);
  const auto positions = tools::random_positions(*game, 500, Rng(1));

  const tools::PrecisionError none = tools::precision_error(positions, *fp32, *fp32);
  CHECK(none.value == 0);
  CHECK(none.policy_kl == 0);
  const tools::PrecisionError error = tools::precision_error(positions, *fp32, *int8);
  // Without VNNI weights have half as many levels: errors are twice as large, and the divergence
  // grows with their square.
  CHECK(error.value < (nets::has_exact_int8() ? 0.02 : 0.04));
  CHECK(error.policy_kl < (nets::has_exact_int8() ? 0.002 : 0.008));
  CHECK(error.value > 0);
  CHECK(error.policy_kl > 0);
}
