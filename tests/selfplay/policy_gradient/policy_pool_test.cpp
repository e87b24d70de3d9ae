#include "selfplay/policy_gradient/policy_pool.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "envs/registry.hpp"
#include "selfplay/policy_gradient/policy_gradient_run.hpp"
#include "tests/support/temp_dir.hpp"

namespace tengen::selfplay {
namespace {

PolicyGradientConfig self_play(const std::string& algo) {
  PolicyGradientConfig config = usual_config(algo, "tic_tac_toe");
  config.opponents = 20;
  return config;
}

}  // namespace

TEST_CASE("A pool plays legal moves of the policy that was chosen", "[selfplay][pg]") {
  const auto game = envs::make_game("tic_tac_toe");
  const auto d = Distribution::make(envs::rl::Space::discrete(9), false);
  const auto make_net = [&] {
    Rng rng(1);
    return make_actor_critic({.inputs = game->observation_shape().size()}, *d, rng);
  };
  const auto net = make_net();
  PolicyPool pool(*game, 3, make_net);
  Rng rng(2);
  for (int favourite = 0; favourite < 9; ++favourite) {  // far more than there is room for
    for (NamedParameter parameter : net->parameters())
      if (parameter.name == "policy.2.bias") {
        parameter.variable.value().fill(0);
        parameter.variable.value().values<float>()[favourite] = 50;
      }
    pool.add(*net, rng);
    CHECK(pool.size() == std::min(3, favourite + 1));
  }
  auto state = game->new_initial_state();
  state->apply(4);
  envs::rl::NumpyRandom random(3);
  std::vector<envs::rl::Turn> turns;
  for (int game = 0; game < 60; ++game) turns.push_back({*state, game, random});
  pool.choose(60, rng);
  std::vector<envs::Action> actions(60, envs::kNoAction), again(60);
  pool.select_actions(turns, actions);
  for (const envs::Action action : actions) CHECK(state->is_legal(action));
  // Each policy has its favourite, and each game its policy, whichever games ask.
  CHECK(std::set(actions.begin(), actions.end()).size() >= 2);
  const std::vector<envs::rl::Turn> backwards(turns.rbegin(), turns.rend());
  pool.select_actions(backwards, again);
  std::ranges::reverse(again);
  CHECK(again == actions);
  pool.choose(60, rng);
  pool.select_actions(turns, again);
  CHECK(again != actions);
}

TEST_CASE("Self-play goes on from a checkpoint as if nothing had happened", "[selfplay][pg]") {
  for (const char* algo : {"ppo", "reinforce"}) {
    PolicyGradientConfig config = self_play(algo);
    config.opponents = 3;
    config.opponent_every = 2;
    const test::TempDir directory;
    PolicyGradientTrainer whole(config), resumed(config);
    for (int i = 0; i < 9; ++i) whole.update();
    whole.save(directory.path());
    resumed.load(directory.path());
    for (int i = 0; i < 5; ++i) CHECK(whole.update().terms.loss == resumed.update().terms.loss);
    CHECK(whole.recent_returns() == resumed.recent_returns());
  }
}

TEST_CASE("Self-play is of games alone and without what its opponents cannot have",
          "[selfplay][pg]") {
  const auto refused = [](auto change) {
    PolicyGradientConfig config = self_play("ppo");
    change(config);
    CHECK_THROWS_AS(validate(config), std::invalid_argument);
  };
  refused([](auto& c) { c.env = "CartPole-v1"; });
  refused([](auto& c) { c.memory = "lstm"; });
  refused([](auto& c) { c.normalise_observations = true; });
  CHECK_NOTHROW(validate(self_play("reinforce")));
}

}  // namespace tengen::selfplay
