#include "selfplay/policy_gradient/rollout.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace tengen::selfplay {
namespace {

/// One environment: rewards 1, 2, 3, values 0.5, 1, 1.5, and 4 behind the last step.
Rollout three_steps() {
  Rollout r;
  r.resize(3, 1, 0, 0, 0);
  r.rewards = {1, 2, 3};
  r.values = {0.5, 1, 1.5};
  r.last_values = {4};
  return r;
}

}  // namespace

TEST_CASE("Advantages of an unfinished episode bootstrap from the last value", "[selfplay][pg]") {
  const Advantages a = estimate_advantages(three_steps(), 0.5, 0.5);
  // d = 1 + .5 - .5, 2 + .75 - 1, 3 + 2 - 1.5;  A = d + A' / 4.
  CHECK(a.advantages[2] == Approx(3.5));
  CHECK(a.advantages[1] == Approx(1.75 + 3.5 / 4));
  CHECK(a.advantages[0] == Approx(1 + (1.75 + 3.5 / 4) / 4));
  CHECK(a.returns[2] == Approx(5));
}

TEST_CASE("A terminated step is worth its reward and a truncated one goes on", "[selfplay][pg]") {
  Rollout r = three_steps();
  r.ends[1] = 1;
  const Advantages terminated = estimate_advantages(r, 0.5, 0.5);
  CHECK(terminated.advantages[1] == Approx(2 - 1));
  CHECK(terminated.advantages[0] == Approx(1 + 0.5 - 0.5 + 0.25 * 1));
  r.final_values[1] = 6;
  const Advantages truncated = estimate_advantages(r, 0.5, 0.5);
  CHECK(truncated.advantages[1] == Approx(2 + 0.5 * 6 - 1));
  CHECK(truncated.advantages[2] == terminated.advantages[2]);
}

TEST_CASE("Returns add up to the end of each episode", "[selfplay][pg]") {
  Rollout r = three_steps();
  r.ends[1] = 1;
  CHECK(episode_returns(r, 0.5) == std::vector<float>{2, 2, 3});
}

TEST_CASE("Explained variance is one for perfect values and zero for constant ones",
          "[selfplay][pg]") {
  const std::vector<float> returns{1, 2, 4}, constant{3, 3, 3};
  CHECK(explained_variance(returns, returns) == Approx(1));
  CHECK(explained_variance(constant, returns) == Approx(0).margin(1e-12));
  CHECK(std::isnan(explained_variance(returns, constant)));
}

}  // namespace tengen::selfplay
