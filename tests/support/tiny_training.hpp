// A training config small enough for tests: tic-tac-toe with a small MLP, one thread.
#pragma once

#include "selfplay/alpha_zero_config.hpp"

namespace tengen::test {

inline selfplay::AlphaZeroConfig tiny_training() {
  selfplay::AlphaZeroConfig config;
  config.game = "tic_tac_toe";
  config.net = "mlp:layers=1,hidden=16";
  config.threads = 1;
  config.precision = "fp32";
  config.iterations = 3;
  config.games_per_iteration = 12;
  config.self_play.simulations = 8;
  config.self_play.games_per_thread = 4;
  config.self_play.temperature_plies = 4;
  config.self_play.cache_mb = 1;
  config.replay_min = 50;
  config.replay_max = 5000;
  config.batch = 16;
  config.samples_per_position = 2;
  config.evaluate_every = 2;
  config.evaluation_games = 6;
  config.evaluation_simulations = 8;
  config.trainer.warmup_steps = 0;
  return config;
}

}  // namespace tengen::test
