#include "envs/rl/tabular/bandit.hpp"

#include <limits>

namespace tengen::envs::rl {

Bandit Bandit::from_spec(Spec& spec) {
  constexpr int kMost = std::numeric_limits<int>::max();
  Bandit bandit;
  bandit.values_.resize(spec.get_int("arms", 10, 1, 1 << 20));
  bandit.pulls_ = spec.get_int("pulls", bandit.pulls_, 1, kMost);
  bandit.noise_ = spec.get_double("noise", bandit.noise_, 0, 1e6);
  bandit.redraw_ = spec.get_bool("redraw", bandit.redraw_);
  NumpyRandom random(spec.get_int("values_seed", 0, 0, kMost));
  bandit.draw_values(random);
  return bandit;
}

EnvSpec Bandit::spec() const {
  return {.id = "Bandit-v0", .action_space = Space::discrete(static_cast<int>(values_.size()))};
}

void Bandit::draw_values(NumpyRandom& random) {
  for (double& value : values_) value = random.normal();
}

void Bandit::reset(NumpyRandom& random) {
  pulled_ = 0;
  if (redraw_) draw_values(random);
}

Outcome Bandit::step(std::span<const float> action, NumpyRandom& random) {
  const double value = values_[static_cast<std::size_t>(action[0])];
  return {value + noise_ * random.normal(), ++pulled_ == pulls_};
}

}  // namespace tengen::envs::rl
