#include "selfplay/policy_gradient/game_policy.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace tengen::selfplay {

namespace {

/// Of the logits of the `legal` actions alone.
void softmax(std::span<const float> logits, std::span<const envs::Action> legal,
             std::span<double> probabilities) {
  double most = -INFINITY, sum = 0;
  for (const envs::Action action : legal) most = std::max<double>(most, logits[action]);
  for (std::size_t i = 0; i < legal.size(); ++i)
    sum += probabilities[i] = std::exp(logits[legal[i]] - most);
  for (double& p : probabilities) p /= sum;
}

}  // namespace

PolicyFunction policy_of(ActorCritic& net, const envs::Game& game) {
  std::vector<float> observation(game.observation_shape().size()), logits(game.num_actions());
  return [&net, observation, logits](const envs::State& state, std::span<const envs::Action> legal,
                                     std::span<double> probabilities) mutable {
    float value = 0;
    Tensor no_state;
    state.write_observation(observation);
    net.act(observation, 1, no_state, logits, {&value, 1});
    softmax(logits, legal, probabilities);
  };
}

PolicyFunction most_likely(PolicyFunction policy) {
  return [policy = std::move(policy)](const envs::State& state, std::span<const envs::Action> legal,
                                      std::span<double> probabilities) {
    policy(state, legal, probabilities);
    const auto best = std::ranges::max_element(probabilities) - probabilities.begin();
    std::ranges::fill(probabilities, 0.0);
    probabilities[best] = 1;
  };
}

}  // namespace tengen::selfplay
