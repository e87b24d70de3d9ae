#include "envs/rl/classic_control/cart_pole.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace tengen::envs::rl {
namespace {

constexpr double kGravity = 9.8;   // m/s^2
constexpr double kMassPole = 0.1;  // kg
constexpr double kMassTotal = 1.0 + kMassPole;
constexpr double kHalfLength = 0.5;  // m
constexpr double kPoleMoment = kMassPole * kHalfLength;
constexpr double kForce = 10;   // N
constexpr double kStep = 0.02;  // s
constexpr double kMaxAngle = 12 * 2 * std::numbers::pi / 360;
constexpr double kMaxPosition = 2.4;

}  // namespace

CartPole CartPole::from_spec(Spec& spec) {
  CartPole env;
  env.low_ = spec.get_double("low", env.low_, -1, 1);
  env.high_ = spec.get_double("high", env.high_, env.low_, 1);
  return env;
}

CartPole CartPole::positions_from_spec(Spec& spec) {
  CartPole env = from_spec(spec);
  env.positions_only_ = true;
  return env;
}

EnvSpec CartPole::spec() const {
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  const auto position = static_cast<float>(2 * kMaxPosition);
  const auto angle = static_cast<float>(2 * kMaxAngle);
  EnvSpec spec{.id = positions_only_ ? "CartPole-P-v1" : "CartPole-v1",
               .action_space = Space::discrete(2),
               .max_episode_steps = 500,
               .reward_threshold = 475};
  const std::vector<float> high = positions_only_
                                      ? std::vector<float>{position, angle}
                                      : std::vector<float>{position, kInfinite, angle, kInfinite};
  std::vector<float> low = high;
  for (float& bound : low) bound = -bound;
  spec.observation_space = Space::box(low, high);
  return spec;
}

void CartPole::reset(NumpyRandom& random) {
  for (double& value : state_) value = random.uniform(low_, high_);
}

Outcome CartPole::step(std::span<const float> action, NumpyRandom&) {
  auto& [x, x_dot, theta, theta_dot] = state_;
  const double force = action[0] == 1.0f ? kForce : -kForce;
  const double cosine = std::cos(theta), sine = std::sin(theta);
  const double push = (force + kPoleMoment * theta_dot * theta_dot * sine) / kMassTotal;
  const double theta_acc = (kGravity * sine - cosine * push) /
                           (kHalfLength * (4.0 / 3.0 - kMassPole * cosine * cosine / kMassTotal));
  const double x_acc = push - kPoleMoment * theta_acc * cosine / kMassTotal;
  x += kStep * x_dot;
  x_dot += kStep * x_acc;
  theta += kStep * theta_dot;
  theta_dot += kStep * theta_acc;
  return {1.0, std::abs(x) > kMaxPosition || std::abs(theta) > kMaxAngle};
}

void CartPole::observe(std::span<float> out) const {
  if (positions_only_) {
    out[0] = static_cast<float>(state_[0]);
    out[1] = static_cast<float>(state_[2]);
    return;
  }
  for (std::size_t i = 0; i < state_.size(); ++i) out[i] = static_cast<float>(state_[i]);
}

}  // namespace tengen::envs::rl
