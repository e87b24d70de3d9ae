// CartPole in batches: every instruction set against single copies, and these against libm.
#include "envs/rl/classic_control/cart_pole.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

namespace tengen::envs::rl {
namespace {

/// The published equations, written as they are printed, in double.
CartPole::State euler_step(const CartPole::State& state, double force) {
  const auto [x, x_dot, theta, theta_dot] = state;
  const double sine = std::sin(theta), cosine = std::cos(theta);
  const double temp = (force + 0.1 * 0.5 * theta_dot * theta_dot * sine) / 1.1;
  const double theta_acc =
      (9.8 * sine - cosine * temp) / (0.5 * (4.0 / 3.0 - 0.1 * cosine * cosine / 1.1));
  const double x_acc = temp - 0.1 * 0.5 * theta_acc * cosine / 1.1;
  return {x + 0.02 * x_dot, x_dot + 0.02 * x_acc, theta + 0.02 * theta_dot,
          theta_dot + 0.02 * theta_acc};
}

TEST_CASE("CartPole stays within 1e-12 of its equations in double", "[envs][rl]") {
  Spec options("CartPole-v1");
  CartPole env = CartPole::from_spec(options);
  NumpyRandom random(1);
  double worst = 0;
  for (int episode = 0; episode < 20; ++episode) {
    env.reset(random);
    CartPole::State expected = env.state();
    for (bool over = false; !over;) {
      const auto action = static_cast<float>(random.integers(2));
      expected = euler_step(expected, action == 1 ? 10 : -10);
      over = env.step({&action, 1}, random).terminated;
      for (std::size_t k = 0; k < 4; ++k)
        worst = std::max(worst, std::abs(env.state()[k] - expected[k]));
    }
  }
  CHECK(worst < 1e-12);
  CHECK(worst > 0);  // the series are not libm's
}

/// The last bits of `steps` steps of a batch of 37, whose rest fills no vector.
std::vector<float> trajectory(CartPole one, VectorIsa isa, int steps) {
  constexpr int kCount = 37;
  Batch<CartPoles> batch(CartPoles(one, kCount, isa), one.spec());
  batch.reset(5);
  NumpyRandom random(2);
  std::vector<float> actions(kCount), seen;
  for (int step = 0; step < steps; ++step) {
    for (float& action : actions) action = static_cast<float>(random.integers(2));
    batch.step(actions);
    seen.insert(seen.end(), batch.observations().begin(), batch.observations().end());
    seen.insert(seen.end(), batch.terminated().begin(), batch.terminated().end());
  }
  return seen;
}

TEST_CASE("CartPole gives the same bits on every instruction set", "[envs][rl]") {
  Spec options("CartPole-v1"), hidden_options("CartPole-P-v1");
  for (const CartPole& one :
       {CartPole::from_spec(options), CartPole::positions_from_spec(hidden_options)}) {
    const auto expected = trajectory(one, VectorIsa::baseline, 100);
    for (const VectorIsa isa : {VectorIsa::avx2, VectorIsa::avx512})
      if (isa <= cpu_vector_isa()) CHECK(trajectory(one, isa, 100) == expected);
  }
}

}  // namespace
}  // namespace tengen::envs::rl
