#include "envs/rl/memory/umbrella.hpp"

#include <algorithm>

namespace tengen::envs::rl {

Umbrella Umbrella::from_spec(Spec& spec) {
  Umbrella env;
  env.length_ = spec.get_int("length", env.length_, 1, 1 << 20);
  env.distractors_.resize(spec.get_int("distractors", 0, 0, 10000));
  return env;
}

EnvSpec Umbrella::spec() const {
  return {.id = "Umbrella-v0",
          .observation_space = Space::box(0, 1, {3 + static_cast<int>(distractors_.size())}),
          .action_space = Space::discrete(2)};
}

void Umbrella::draw_distractors(NumpyRandom& random) {
  for (std::uint8_t& bit : distractors_) bit = static_cast<std::uint8_t>(random.integers(2));
}

void Umbrella::reset(NumpyRandom& random) {
  time_ = 0;
  needed_ = static_cast<int>(random.integers(2));
  held_ = static_cast<int>(random.integers(2));
  draw_distractors(random);
}

Outcome Umbrella::step(std::span<const float> action, NumpyRandom& random) {
  if (++time_ == 1) held_ = static_cast<int>(action[0]);
  if (time_ == length_) return {held_ == needed_ ? 1.0 : -1.0, true};
  const double reward = random.integers(2) == 1 ? 1.0 : -1.0;
  draw_distractors(random);
  return {reward, false};
}

void Umbrella::observe(std::span<float> out) const {
  out[0] = static_cast<float>(needed_);
  out[1] = static_cast<float>(held_);
  out[2] = 1 - static_cast<float>(time_) / static_cast<float>(length_);
  std::copy(distractors_.begin(), distractors_.end(), out.begin() + 3);
}

}  // namespace tengen::envs::rl
