#include "envs/rl/tabular/tabular.hpp"

#include <cmath>

#include "engine/base/error.hpp"

namespace tengen::envs::rl {
namespace {

/// The first index at which the running sum of probabilities exceeds a uniform number.
template <typename Probability>
int draw(NumpyRandom& random, int count, const Probability& probability) {
  const double target = random.random();
  double sum = 0;
  for (int i = 0; i < count; ++i)
    if ((sum += probability(i)) > target) return i;
  return 0;  // rounding left the sum below 1: what Gymnasium's argmax gives
}

void check_outcomes(const TabularModel& model, int state, int action) {
  double sum = 0;
  for (const Transition& outcome : model.outcomes(state, action)) {
    if (outcome.next < 0 || outcome.next >= model.num_states || !(outcome.probability >= 0) ||
        !std::isfinite(outcome.reward))
      bad_argument("TabularModel",
                   "expected a state below {}, a probability and a finite reward after state {} "
                   "action {}, got {}, {} and {}",
                   model.num_states, state, action, outcome.next, outcome.probability,
                   outcome.reward);
    sum += outcome.probability;
  }
  if (!(std::abs(sum - 1) < 1e-9))
    bad_argument("TabularModel",
                 "expected probabilities that sum to 1 at state {} action {}, got {}", state,
                 action, sum);
}

}  // namespace

void check_model(const TabularModel& model) {
  double sum = 0;
  for (int state = 0; state < model.num_states; ++state) {
    bool any = false;
    for (int action = 0; action < model.num_actions; ++action) {
      any = any || model.allows(state, action);
      check_outcomes(model, state, action);
    }
    if (!any) bad_argument("TabularModel", "expected an allowed action at state {}", state);
    sum += model.initial[state];
  }
  if (!(std::abs(sum - 1) < 1e-9))
    bad_argument("TabularModel", "expected a distribution of starts that sums to 1, got {}", sum);
}

TabularDynamics::TabularDynamics(EnvSpec spec, std::shared_ptr<const TabularModel> model)
    : spec_(std::move(spec)), model_(std::move(model)) {
  check_model(*model_);
  spec_.observation_space = Space::discrete(model_->num_states);
  spec_.action_space = Space::discrete(model_->num_actions);
  spec_.masks_actions = !model_->allowed.empty();
}

void TabularDynamics::reset(NumpyRandom& random) {
  state_ = draw(random, model_->num_states, [&](int i) { return model_->initial[i]; });
}

Outcome TabularDynamics::step(std::span<const float> action, NumpyRandom& random) {
  const auto& outcomes = model_->outcomes(state_, static_cast<int>(action[0]));
  const Transition& outcome = outcomes[draw(random, static_cast<int>(outcomes.size()),
                                            [&](int i) { return outcomes[i].probability; })];
  state_ = outcome.next;
  return {outcome.reward, outcome.terminated};
}

void TabularDynamics::action_mask(std::span<std::uint8_t> out) const {
  for (int action = 0; action < model_->num_actions; ++action)
    out[action] = model_->allows(state_, action);
}

}  // namespace tengen::envs::rl
