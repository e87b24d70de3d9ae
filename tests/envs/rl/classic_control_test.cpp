// The classic environments against Gymnasium's published resets and dynamics.
#include <catch2/catch.hpp>

#include "envs/rl/registry.hpp"

namespace tengen::envs::rl {
namespace {

TEST_CASE("Seed 123 resets the classic environments as Gymnasium does", "[envs][rl]") {
  Env cart = make_env("CartPole-v1:low=-0.1,high=0.1");
  cart.reset(123);
  const float expected[] = {0.03647037f, -0.0892358f, -0.05592803f, -0.06312564f};
  for (int i = 0; i < 4; ++i) CHECK(cart.observation()[i] == Approx(expected[i]).epsilon(1e-6));

  Env car = make_env("MountainCar-v0:low=-0.7,high=0.5");
  car.reset(123);
  CHECK(car.observation()[0] == Approx(0.11882224f).epsilon(1e-6));

  Env pendulum = make_env("Pendulum-v1:x=1.5707963267948966,y=0.5");
  pendulum.reset(123);
  CHECK(pendulum.observation()[0] == Approx(0.8403459f).epsilon(1e-6));
  CHECK(pendulum.observation()[1] == Approx(0.54205054f).epsilon(1e-6));
  CHECK(pendulum.observation()[2] == Approx(-0.44617897f).epsilon(1e-6));
}

}  // namespace
}  // namespace tengen::envs::rl
