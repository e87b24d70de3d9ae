// Random numbers, resets and trajectories against tests/golden/rl (tools/make_env_golden.py).
#include <catch2/catch.hpp>

#include "envs/rl/registry.hpp"
#include "tests/support/golden_trajectory.hpp"

namespace tengen::envs::rl {
namespace {

TEST_CASE("NumpyRandom draws the numbers of NumPy", "[envs][rl]") {
  for (const auto& line : test::golden_lines("numpy_random.txt")) {
    CAPTURE(line[0]);
    NumpyRandom random(std::stoull(line[0]));
    std::size_t next = 1;
    const auto expect = [&](double got) { CHECK(got == std::stod(line.at(next++))); };
    for (int i = 0; i < 4; ++i) expect(random.random());
    for (const std::uint32_t bound : {10u, 10u, 1u, 7u, 3'000'000'000u, 2u})
      expect(random.integers(bound));
    for (int i = 0; i < 2; ++i) expect(random.uniform(-3, 5));
    for (std::uint32_t i = 0; i < 8; ++i) expect(random.integers(1'500'000'000 + i));
    CHECK(next == line.size());
  }
}

void check_observation(const Env& env, const std::vector<float>& expected) {
  REQUIRE(env.observation().size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(env.observation()[i] == Approx(expected[i]).epsilon(1e-6).margin(1e-6));
}

/// Plays the whole file; returns how many episodes ended.
int replay(const std::string& id) {
  const auto lines = test::golden_lines(id + ".txt");
  Env env = make_env(id);
  env.reset(std::stoull(lines[0][0]));
  check_observation(env, test::floats(lines[0], 1));
  int episodes = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    CAPTURE(id, i);
    if (lines[i][0] == "reset") {
      env.reset();
      check_observation(env, test::floats(lines[i], 1));
      ++episodes;
      continue;
    }
    const float action = std::stof(lines[i][0]);
    const Step step = env.step({&action, 1});
    CHECK(step.reward == Approx(std::stod(lines[i][1])).epsilon(1e-8));
    CHECK(step.terminated == (lines[i][2] == "1"));
    CHECK(step.truncated == (lines[i][3] == "1"));
    check_observation(env, test::floats(lines[i], 4));
  }
  return episodes;
}

TEST_CASE("Environments follow the trajectories of their published equations", "[envs][rl]") {
  for (const char* id : {"CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Acrobot-v1",
                         "Pendulum-v1", "FrozenLake-v1", "CliffWalking-v1", "Taxi-v3"})
    CHECK(replay(id) > 0);
}

}  // namespace
}  // namespace tengen::envs::rl
