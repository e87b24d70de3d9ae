// The part of tengen rl bench that has no return to reach: self-play, measured by exploitability.
#include <iostream>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "envs/registry.hpp"
#include "selfplay/policy_gradient/game_policy.hpp"
#include "selfplay/policy_gradient/policy_gradient_trainer.hpp"
#include "tools/rl_commands.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {

void print_self_play_bench(int seeds) {
  const auto game = envs::make_game("tic_tac_toe");
  TextTable table({"<self-play", "seed", "steps", "s", "exploitability", "of likeliest moves"});
  for (int seed = 1; seed <= seeds; ++seed) {
    auto config = selfplay::usual_config("ppo", game->name());
    config.opponents = 100;
    config.seed = static_cast<std::uint64_t>(seed);
    selfplay::PolicyGradientTrainer trainer(config);
    const Stopwatch watch;
    Progress progress(fmt::format("{} seed {}/{}", game->name(), seed, seeds), "steps",
                      static_cast<std::uint64_t>(config.steps), Progress::End::erased);
    while (trainer.steps() < config.steps) {
      trainer.update();
      progress.update(static_cast<std::uint64_t>(trainer.steps()));
    }
    trainer.net().prepare();
    const double seconds = watch.seconds();
    const selfplay::PolicyFunction policy = policy_of(trainer.net(), *game);
    table.add(
        {game->name(), std::to_string(seed), std::to_string(trainer.steps()),
         fmt::format("{:.1f}", seconds),
         fmt::format("{:.3f}", selfplay::exploitability(*game, policy)),
         fmt::format("{:.3f}", selfplay::exploitability(*game, selfplay::most_likely(policy)))});
  }
  std::cout << table.to_string();
}

}  // namespace tengen::tools
