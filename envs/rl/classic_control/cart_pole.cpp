#include "envs/rl/classic_control/cart_pole.hpp"

#include <algorithm>
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
constexpr double kPerMass = 1 / kMassTotal;
constexpr double kMaxStart = 1;  // of each number

struct SineCosine {
  double sine, cosine;
};

/// For |x| <= 1, where angles of running episodes lie: Taylor's series, whose rest is below a tenth
/// of the last bit. The cosine's 1 - x^2/2 is made up for its rounding, so both are good to the
/// last bit but one.
inline SineCosine sine_cosine_near_zero(double x) {
  const double z = x * x;
  const double s =
      z * (-1.0 / 6 +
           z * (1.0 / 120 +
                z * (-1.0 / 5040 + z * (1.0 / 362880 + z * (-1.0 / 39916800 +
                                                            z * (1.0 / 6227020800.0 +
                                                                 z * (-1.0 / 1307674368000.0 +
                                                                      z / 355687428096000.0)))))));
  const double c =
      z * z *
      (1.0 / 24 +
       z * (-1.0 / 720 +
            z * (1.0 / 40320 + z * (-1.0 / 3628800 +
                                    z * (1.0 / 479001600 + z * (-1.0 / 87178291200.0 +
                                                                z * (1.0 / 20922789888000.0 -
                                                                     z / 6402373705728000.0)))))));
  const double half = 0.5 * z, high = 1 - half;
  return {x + x * s, high + ((1 - high - half) + c)};
}

SineCosine sine_cosine(double x) {
  return std::abs(x) <= 1 ? sine_cosine_near_zero(x) : SineCosine{std::sin(x), std::cos(x)};
}

/// One Euler step, given the sine and cosine of theta.
inline void advance(double& x, double& x_dot, double& theta, double& theta_dot, double force,
                    SineCosine angle) {
  const auto [sine, cosine] = angle;
  const double push = (force + kPoleMoment * theta_dot * theta_dot * sine) * kPerMass;
  const double theta_acc =
      (kGravity * sine - cosine * push) /
      (kHalfLength * 4.0 / 3.0 - kHalfLength * kMassPole * kPerMass * cosine * cosine);
  const double x_acc = push - kPoleMoment * kPerMass * theta_acc * cosine;
  x += kStep * x_dot;
  x_dot += kStep * x_acc;
  theta += kStep * theta_dot;
  theta_dot += kStep * theta_acc;
}

inline double force_of(float action) { return action == 1.0f ? kForce : -kForce; }

inline bool has_fallen(double x, double theta) {
  return static_cast<int>(std::abs(x) > kMaxPosition) |
         static_cast<int>(std::abs(theta) > kMaxAngle);
}

}  // namespace

CartPole CartPole::from_spec(Spec& spec) {
  CartPole env;
  env.low_ = spec.get_double("low", env.low_, -kMaxStart, kMaxStart);
  env.high_ = spec.get_double("high", env.high_, env.low_, kMaxStart);
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
  advance(x, x_dot, theta, theta_dot, force_of(action[0]), sine_cosine(theta));
  return {1.0, has_fallen(x, theta)};
}

void CartPole::observe(std::span<float> out) const {
  if (positions_only_) {
    out[0] = static_cast<float>(state_[0]);
    out[1] = static_cast<float>(state_[2]);
    return;
  }
  for (std::size_t i = 0; i < state_.size(); ++i) out[i] = static_cast<float>(state_[i]);
}

CartPoles::CartPoles(const CartPole& one, int count, VectorIsa isa) : one_(one), isa_(isa) {
  for (auto& numbers : state_) numbers.resize(count);
}

void CartPoles::reset(std::span<const int> which, std::span<NumpyRandom> randoms) {
  for (const int i : which) {
    one_.reset(randoms[i]);
    for (std::size_t k = 0; k < 4; ++k) state_[k][i] = one_.state()[k];
  }
}

void CartPoles::observe(int i, std::span<float> out) const {
  CartPole copy = one_;
  copy.set_state({state_[0][i], state_[1][i], state_[2][i], state_[3][i]});
  copy.observe(out);
}

void CartPoles::step(std::span<const float> actions, std::span<NumpyRandom>, const StepRows& out) {
  // Episodes start within kMaxStart and go on only at small angles: the series serves them all.
  double *x = state_[0].data(), *x_dot = state_[1].data(), *theta = state_[2].data(),
         *theta_dot = state_[3].data();
  const float* action = actions.data();
  std::uint8_t* terminated = out.terminated.data();
  const std::size_t count = state_[0].size();
  run_on(isa_, [=] {
#pragma GCC ivdep
    for (std::size_t i = 0; i < count; ++i)
      advance(x[i], x_dot[i], theta[i], theta_dot[i], force_of(action[i]),
              sine_cosine_near_zero(theta[i]));
#pragma GCC ivdep
    for (std::size_t i = 0; i < count; ++i) terminated[i] = has_fallen(x[i], theta[i]);
  });
  std::fill(out.rewards.begin(), out.rewards.end(), 1.0f);
  write_observations(out.observations);
}

void CartPoles::write_observations(std::span<float> out) const {
  const double *x = state_[0].data(), *x_dot = state_[1].data(), *theta = state_[2].data(),
               *theta_dot = state_[3].data();
  float* rows = out.data();
  const std::size_t count = state_[0].size();
  if (one_.positions_only())
    run_on(isa_, [=] {
#pragma GCC ivdep
      for (std::size_t i = 0; i < count; ++i) {
        rows[2 * i] = static_cast<float>(x[i]);
        rows[2 * i + 1] = static_cast<float>(theta[i]);
      }
    });
  else
    run_on(isa_, [=] {
#pragma GCC ivdep
      for (std::size_t i = 0; i < count; ++i) {
        rows[4 * i] = static_cast<float>(x[i]);
        rows[4 * i + 1] = static_cast<float>(x_dot[i]);
        rows[4 * i + 2] = static_cast<float>(theta[i]);
        rows[4 * i + 3] = static_cast<float>(theta_dot[i]);
      }
    });
}

}  // namespace tengen::envs::rl
