#include "selfplay/players/policy_player.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "selfplay/match.hpp"
#include "selfplay/policy_gradient/game_policy.hpp"
#include "selfplay/policy_gradient/policy_gradient_run.hpp"
#include "tests/support/temp_dir.hpp"

namespace tengen::selfplay {
namespace {

using Catch::Matchers::Contains;

/// A run of few steps.
std::string learn(const test::TempDir& directory, const std::string& env, const std::string& body) {
  PolicyGradientConfig config = usual_config("ppo", env);
  config.environments = config.evaluation_episodes = 4;
  config.steps = config.evaluate_every = 256;
  config.body = body;
  PolicyGradientObserver silent;
  const std::filesystem::path run = directory.path() / "run";
  train_policy(config, run, silent);
  return run.string();
}

}  // namespace

TEST_CASE("A policy of a run plays the moves that its net finds likely", "[selfplay][players]") {
  const test::TempDir directory;
  const std::string run = learn(directory, "tic_tac_toe", "resnet:blocks=1,channels=4");
  const auto game = envs::make_game("tic_tac_toe");
  const auto state = game->new_initial_state();
  std::vector<envs::Action> legal;
  state->legal_actions(legal);

  PolicyGradientTrainer trainer(
      policy_gradient_config_of(RunDirectory::open(run, RunDirectory::Access::read)));
  trainer.load(RunDirectory::open(run, RunDirectory::Access::read).checkpoint_path(1));
  trainer.net().prepare();
  std::vector<double> expected(9);
  policy_of(trainer.net(), *game)(*state, legal, expected);

  Rng rng(1);
  constexpr int kMoves = 2000;
  std::vector<int> played(9);
  const auto player = make_player("policy:" + run, game, 1);
  player->new_game(*state);
  for (int i = 0; i < kMoves; ++i) ++played[*player->select_action(*state, rng)];
  for (int i = 0; i < 9; ++i)
    CHECK(std::abs(played[i] - kMoves * expected[i]) <
          5 * std::sqrt(kMoves * expected[i] * (1 - expected[i])) + 1);

  const auto likeliest = make_player("policy:" + run + ",likeliest=1", game, 1);
  const auto best = std::ranges::max_element(expected) - expected.begin();
  for (int i = 0; i < 5; ++i) CHECK(likeliest->select_action(*state, rng) == best);
}

TEST_CASE("Policies that cannot play a game are refused by name", "[selfplay][players]") {
  const test::TempDir directory;
  const std::string run = learn(directory, "tic_tac_toe", "none");
  CHECK_THROWS_WITH(make_player("policy:" + run, envs::make_game("connect_four"), 1),
                    Contains("learned tic_tac_toe, not connect_four"));
  const auto game = envs::make_game("tic_tac_toe");
  CHECK_THROWS_WITH(make_player("policy:", game, 1), Contains("policy:RUN_DIRECTORY"));
  CHECK_THROWS_AS(make_player("policy:nowhere", game, 1), Error);
  CHECK_THROWS_WITH(make_player("policy:" + run + ",sims=5", game, 1), Contains("sims"));
}

}  // namespace tengen::selfplay
