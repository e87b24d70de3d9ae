#include "selfplay/policy_gradient/game_policy.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "envs/registry.hpp"
#include "selfplay/policy_gradient/policy_gradient_trainer.hpp"

namespace tengen::selfplay {
namespace {

PolicyGradientConfig self_play() {
  PolicyGradientConfig config = usual_config("ppo", "tic_tac_toe");
  config.opponents = 100;
  config.steps = 500000;
  return config;
}

}  // namespace

TEST_CASE("A net's policy in a game is the softmax of its legal actions", "[selfplay][pg]") {
  const auto game = envs::make_game("tic_tac_toe");
  PolicyGradientTrainer trainer(self_play());
  for (NamedParameter parameter : trainer.net().parameters())
    for (float& x : parameter.variable.value().values<float>()) x *= 3;  // far from uniform
  trainer.net().prepare();
  const auto state = game->new_initial_state();
  for (const envs::Action action : {4, 0}) state->apply(action);
  std::vector<envs::Action> legal;
  state->legal_actions(legal);
  std::vector<double> probabilities(legal.size()), likely(legal.size());
  const PolicyFunction policy = policy_of(trainer.net(), *game);
  policy(*state, legal, probabilities);
  most_likely(policy)(*state, legal, likely);

  Tensor observation({1, game->observation_shape().size()});
  state->write_observation(observation.values<float>());
  const Tensor logits =
      trainer.net().forward({Variable(observation), 1, 1, {}, {}}).parameters.value();
  std::vector<std::uint8_t> mask(9, 1);
  mask[4] = mask[0] = 0;
  std::size_t best = 0;
  for (std::size_t i = 0; i < legal.size(); ++i) {
    const float action = static_cast<float>(legal[i]);
    const double log_prob =
        trainer.distribution().log_prob(logits.values<float>(), mask, {&action, 1});
    CHECK(probabilities[i] == Approx(std::exp(log_prob)).epsilon(1e-4));
    if (probabilities[i] > probabilities[best]) best = i;
  }
  for (std::size_t i = 0; i < legal.size(); ++i) CHECK(likely[i] == (i == best));
}

// An untrained net is exploited by 0.9 of a game and more, its most likely moves by 1, and so is
// one that trained as long with games that always began from the empty board.
TEST_CASE("Self-play learns tic-tac-toe that even a perfect opponent wins little against",
          "[selfplay][pg][slow]") {
  const auto game = envs::make_game("tic_tac_toe");
  const PolicyGradientConfig config = self_play();
  PolicyGradientTrainer trainer(config);
  const PolicyFunction policy = policy_of(trainer.net(), *game);
  CHECK(exploitability(*game, policy) > 0.9);
  while (trainer.steps() < config.steps) trainer.update();
  trainer.net().prepare();
  CHECK(exploitability(*game, policy) < 0.3);
  CHECK(exploitability(*game, most_likely(policy)) <= 0.5);
}

}  // namespace tengen::selfplay
