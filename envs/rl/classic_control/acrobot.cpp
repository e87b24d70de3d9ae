#include "envs/rl/classic_control/acrobot.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tengen::envs::rl {
namespace {

using std::numbers::pi;

// Both links are 1 m long, weigh 1 kg, balance at half their length and have moment of inertia 1.
constexpr double kLength = 1, kMass = 1, kCenter = 0.5, kInertia = 1;
constexpr double kGravity = 9.8;
constexpr double kMaxVelocity1 = 4 * pi, kMaxVelocity2 = 9 * pi;

/// Time derivative of the state under a torque (the book's equations, not those of the paper).
Acrobot::State derivative(const Acrobot::State& state, double torque) {
  const auto [theta1, theta2, velocity1, velocity2] = state;
  const double cosine = std::cos(theta2), sine = std::sin(theta2);
  const double d1 =
      kMass * kCenter * kCenter +
      kMass * (kLength * kLength + kCenter * kCenter + 2 * kLength * kCenter * cosine) +
      2 * kInertia;
  const double d2 = kMass * (kCenter * kCenter + kLength * kCenter * cosine) + kInertia;
  const double phi2 = kMass * kCenter * kGravity * std::cos(theta1 + theta2 - pi / 2);
  const double phi1 = -kMass * kLength * kCenter * velocity2 * velocity2 * sine -
                      2 * kMass * kLength * kCenter * velocity2 * velocity1 * sine +
                      (kMass * kCenter + kMass * kLength) * kGravity * std::cos(theta1 - pi / 2) +
                      phi2;
  const double acceleration2 =
      (torque + d2 / d1 * phi1 - kMass * kLength * kCenter * velocity1 * velocity1 * sine - phi2) /
      (kMass * kCenter * kCenter + kInertia - d2 * d2 / d1);
  const double acceleration1 = -(d2 * acceleration2 + phi1) / d1;
  return {velocity1, velocity2, acceleration1, acceleration2};
}

Acrobot::State moved(const Acrobot::State& state, const Acrobot::State& slope, double time) {
  Acrobot::State result;
  for (std::size_t i = 0; i < state.size(); ++i) result[i] = state[i] + time * slope[i];
  return result;
}

/// One step of the classical fourth-order Runge-Kutta method.
Acrobot::State runge_kutta(const Acrobot::State& state, double torque, double time) {
  const auto k1 = derivative(state, torque);
  const auto k2 = derivative(moved(state, k1, time / 2), torque);
  const auto k3 = derivative(moved(state, k2, time / 2), torque);
  const auto k4 = derivative(moved(state, k3, time), torque);
  Acrobot::State result;
  for (std::size_t i = 0; i < state.size(); ++i)
    result[i] = state[i] + time / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  return result;
}

/// The same angle in [-pi, pi].
double wrap(double angle) {
  while (angle > pi) angle -= 2 * pi;
  while (angle < -pi) angle += 2 * pi;
  return angle;
}

}  // namespace

Acrobot Acrobot::from_spec(Spec& spec) {
  Acrobot env;
  env.low_ = spec.get_double("low", env.low_, -pi, pi);
  env.high_ = spec.get_double("high", env.high_, env.low_, pi);
  return env;
}

EnvSpec Acrobot::spec() const {
  std::vector<float> high = {
      1, 1, 1, 1, static_cast<float>(kMaxVelocity1), static_cast<float>(kMaxVelocity2)};
  std::vector<float> low = high;
  for (float& bound : low) bound = -bound;
  return {.id = "Acrobot-v1",
          .observation_space = Space::box(low, high),
          .action_space = Space::discrete(3),
          .max_episode_steps = 500,
          .reward_threshold = -100};
}

void Acrobot::reset(NumpyRandom& random) {
  // Gymnasium keeps the start in single precision.
  for (double& value : state_) value = static_cast<float>(random.uniform(low_, high_));
}

Outcome Acrobot::step(std::span<const float> action, NumpyRandom&) {
  constexpr double kStep = 0.2;  // s
  state_ = runge_kutta(state_, static_cast<double>(action[0]) - 1, kStep);
  auto& [theta1, theta2, velocity1, velocity2] = state_;
  theta1 = wrap(theta1);
  theta2 = wrap(theta2);
  velocity1 = std::clamp(velocity1, -kMaxVelocity1, kMaxVelocity1);
  velocity2 = std::clamp(velocity2, -kMaxVelocity2, kMaxVelocity2);
  const bool above = -std::cos(theta1) - std::cos(theta2 + theta1) > 1;
  return {above ? 0.0 : -1.0, above};
}

void Acrobot::observe(std::span<float> out) const {
  const auto [theta1, theta2, velocity1, velocity2] = state_;
  const double values[] = {std::cos(theta1), std::sin(theta1), std::cos(theta2),
                           std::sin(theta2), velocity1,        velocity2};
  for (int i = 0; i < 6; ++i) out[i] = static_cast<float>(values[i]);
}

}  // namespace tengen::envs::rl
