#include "envs/rl/memory/t_maze.hpp"

#include <algorithm>
#include <array>

namespace tengen::envs::rl {

TMaze TMaze::from_spec(Spec& spec) {
  TMaze env;
  env.length_ = spec.get_int("length", env.length_, 1, 1 << 20);
  return env;
}

EnvSpec TMaze::spec() const {
  return {.id = "TMaze-v0",
          .observation_space = Space::box(0, 1, {3}),
          .action_space = Space::discrete(4),
          .max_episode_steps = 20 * length_,
          .reward_threshold = 3.9};
}

void TMaze::reset(NumpyRandom& random) {
  cell_ = 0;
  goal_is_north_ = random.integers(2) == 0;
}

Outcome TMaze::step(std::span<const float> action, NumpyRandom&) {
  enum { kNorth, kEast, kSouth, kWest };
  constexpr double kPenalty = -0.1, kPrize = 4;
  const int way = static_cast<int>(action[0]);
  if (way == kNorth || way == kSouth) {
    if (cell_ < length_) return {kPenalty, false};
    return {(way == kNorth) == goal_is_north_ ? kPrize : kPenalty, true};
  }
  const int next = cell_ + (way == kEast ? 1 : -1);
  if (next < 0 || next > length_) return {kPenalty, false};
  cell_ = next;
  return {0, false};
}

void TMaze::observe(std::span<float> out) const {
  using Bits = std::array<float, 3>;
  Bits bits = {1, 0, 1};
  if (cell_ == 0) bits = goal_is_north_ ? Bits{0, 1, 1} : Bits{1, 1, 0};
  if (cell_ == length_) bits = {0, 1, 0};
  std::copy(bits.begin(), bits.end(), out.begin());
}

}  // namespace tengen::envs::rl
