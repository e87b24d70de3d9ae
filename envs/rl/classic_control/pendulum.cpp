#include "envs/rl/classic_control/pendulum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tengen::envs::rl {
namespace {

using std::numbers::pi;

constexpr double kMaxVelocity = 8;  // rad/s
constexpr float kMaxTorque = 2;     // N m

/// The same angle in [-pi, pi).
double wrap(double angle) { return angle - 2 * pi * std::floor((angle + pi) / (2 * pi)); }

}  // namespace

Pendulum Pendulum::from_spec(Spec& spec) {
  Pendulum env;
  env.max_start_angle_ = spec.get_double("x", pi, 0, pi);
  env.max_start_velocity_ = spec.get_double("y", 1, 0, kMaxVelocity);
  return env;
}

Pendulum Pendulum::positions_from_spec(Spec& spec) {
  Pendulum env = from_spec(spec);
  env.positions_only_ = true;
  return env;
}

EnvSpec Pendulum::spec() const {
  std::vector<float> high = {1, 1, static_cast<float>(kMaxVelocity)};
  if (positions_only_) high.pop_back();
  std::vector<float> low = high;
  for (float& bound : low) bound = -bound;
  return {.id = positions_only_ ? "Pendulum-P-v1" : "Pendulum-v1",
          .observation_space = Space::box(low, high),
          .action_space = Space::box(-kMaxTorque, kMaxTorque, {1}),
          .max_episode_steps = 200};
}

void Pendulum::reset(NumpyRandom& random) {
  angle_ = random.uniform(-max_start_angle_, max_start_angle_);
  velocity_ = random.uniform(-max_start_velocity_, max_start_velocity_);
}

Outcome Pendulum::step(std::span<const float> action, NumpyRandom&) {
  constexpr double kGravity = 10, kLength = 1, kMass = 1, kStep = 0.05;
  const double torque = action[0];
  const double from_upright = wrap(angle_);
  const double cost =
      from_upright * from_upright + 0.1 * velocity_ * velocity_ + 0.001 * torque * torque;
  velocity_ += (3 * kGravity / (2 * kLength) * std::sin(angle_) +
                3.0 / (kMass * kLength * kLength) * torque) *
               kStep;
  velocity_ = std::clamp(velocity_, -kMaxVelocity, kMaxVelocity);
  angle_ += velocity_ * kStep;
  return {-cost, false};
}

void Pendulum::observe(std::span<float> out) const {
  out[0] = static_cast<float>(std::cos(angle_));
  out[1] = static_cast<float>(std::sin(angle_));
  if (!positions_only_) out[2] = static_cast<float>(velocity_);
}

}  // namespace tengen::envs::rl
