#include "envs/rl/classic_control/mountain_car.hpp"

#include <algorithm>
#include <cmath>

namespace tengen::envs::rl {
namespace {

constexpr double kMinPosition = -1.2, kMaxPosition = 0.6;
constexpr double kMaxSpeed = 0.07;
constexpr double kSlope = 0.0025;

Space observations() {
  return Space::box({static_cast<float>(kMinPosition), static_cast<float>(-kMaxSpeed)},
                    {static_cast<float>(kMaxPosition), static_cast<float>(kMaxSpeed)});
}

void write(const MountainCarState& state, std::span<float> out) {
  out[0] = static_cast<float>(state.position);
  out[1] = static_cast<float>(state.velocity);
}

}  // namespace

void MountainCarState::advance(double acceleration) {
  velocity += acceleration - kSlope * std::cos(3 * position);
  velocity = std::clamp(velocity, -kMaxSpeed, kMaxSpeed);
  position = std::clamp(position + velocity, kMinPosition, kMaxPosition);
  if (position == kMinPosition && velocity < 0) velocity = 0;
}

MountainCar MountainCar::from_spec(Spec& spec) {
  MountainCar env;
  env.low_ = spec.get_double("low", env.low_, kMinPosition, kMaxPosition);
  env.high_ = spec.get_double("high", env.high_, env.low_, kMaxPosition);
  return env;
}

EnvSpec MountainCar::spec() const {
  return {.id = "MountainCar-v0",
          .observation_space = observations(),
          .action_space = Space::discrete(3),
          .max_episode_steps = 200,
          .reward_threshold = -110};
}

void MountainCar::reset(NumpyRandom& random) { state_ = {random.uniform(low_, high_), 0}; }

Outcome MountainCar::step(std::span<const float> action, NumpyRandom&) {
  constexpr double kForce = 0.001, kGoal = 0.5;
  state_.advance((static_cast<double>(action[0]) - 1) * kForce);
  return {-1.0, state_.position >= kGoal && state_.velocity >= 0};
}

void MountainCar::observe(std::span<float> out) const { write(state_, out); }

MountainCarContinuous MountainCarContinuous::from_spec(Spec& spec) {
  MountainCarContinuous env;
  env.low_ = spec.get_double("low", env.low_, kMinPosition, kMaxPosition);
  env.high_ = spec.get_double("high", env.high_, env.low_, kMaxPosition);
  return env;
}

EnvSpec MountainCarContinuous::spec() const {
  return {.id = "MountainCarContinuous-v0",
          .observation_space = observations(),
          .action_space = Space::box(-1, 1, {1}),
          .max_episode_steps = 999,
          .reward_threshold = 90};
}

void MountainCarContinuous::reset(NumpyRandom& random) {
  state_ = {random.uniform(low_, high_), 0};
}

Outcome MountainCarContinuous::step(std::span<const float> action, NumpyRandom&) {
  constexpr double kPower = 0.0015, kGoal = 0.45;
  const double force = action[0];
  state_.advance(force * kPower);
  const bool reached = state_.position >= kGoal && state_.velocity >= 0;
  // Gymnasium keeps the state of this one in single precision.
  state_ = {static_cast<float>(state_.position), static_cast<float>(state_.velocity)};
  return {(reached ? 100.0 : 0.0) - 0.1 * force * force, reached};
}

void MountainCarContinuous::observe(std::span<float> out) const { write(state_, out); }

}  // namespace tengen::envs::rl
