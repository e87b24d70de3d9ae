#include "selfplay/players/mcts_player.hpp"

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "mcts/evaluators.hpp"

namespace tengen::selfplay {

std::unique_ptr<Player> make_mcts_player(const std::string& description,
                                         std::shared_ptr<const envs::Game> game, std::uint64_t seed,
                                         const std::atomic<bool>* stop) {
  Spec spec(description);
  SearchPlayerConfig config;
  config.stop = stop;
  config.limits.simulations = spec.get_int("sims", 1000, 1, 100'000'000);
  const int rollouts = spec.get_int("rollouts", 1, 1, 1'000'000);
  config.search.c_puct_init = static_cast<float>(spec.get_double("c", 1.25, 0, 100));
  // A rollout's value says little about the moves not yet tried: no reduction, try them all.
  config.search.fpu_reduction = 0;
  // Pure MCTS knows terminal results but proves nothing from them, unless it is asked to.
  config.search.use_solver = spec.get_bool("solver", false);
  config.temperature_plies = spec.get_int("temp_plies", 0, 0, 100'000);
  config.temperature = spec.get_double("temp", 0.5, 0, 10);
  spec.finish();
  const auto make_evaluator = [seed, rollouts](int) {
    return std::make_unique<mcts::RolloutEvaluator>(Rng(seed), rollouts);
  };
  return std::make_unique<SearchPlayer>(fmt::format("mcts({})", config.limits.simulations),
                                        std::move(game), make_evaluator, config);
}

}  // namespace tengen::selfplay
