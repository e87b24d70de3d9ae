// frame_stack and action_repeat by an environment that counts.
#include <catch2/catch.hpp>

#include "envs/rl/wrappers/action_repeat.hpp"
#include "envs/rl/wrappers/frame_stack.hpp"

namespace tengen::envs::rl {
namespace {

/// Sees two pixels [1, 2, 1] or [1, 1, 2] that hold time and -time; step t pays t; ends after
/// step 7. Action 1 is allowed before step 5 only.
struct Counter final : Dynamics {
  int channels, time = 0;

  explicit Counter(int c) : channels(c) {}
  EnvSpec spec() const override {
    return {.id = "Counter",
            .observation_space = Space::box(-100, 100, {1, 2 / channels, channels}),
            .action_space = Space::discrete(2),
            .max_episode_steps = 10,
            .masks_actions = true};
  }
  void reset(NumpyRandom&) override { time = 0; }
  Outcome step(std::span<const float>, NumpyRandom&) override {
    ++time;
    return {static_cast<double>(time), time == 7};
  }
  void observe(std::span<float> out) const override {
    out[0] = static_cast<float>(time);
    out[1] = -out[0];
  }
  void action_mask(std::span<std::uint8_t> out) const override { out[0] = 1, out[1] = time < 4; }
};

std::vector<float> seen(const Dynamics& env) {
  std::vector<float> out(env.spec().observation_space.size());
  env.observe(out);
  return out;
}

Outcome step(Dynamics& env, float action = 0) {
  NumpyRandom random(1);
  return env.step({&action, 1}, random);
}

TEST_CASE("Stacked frames are the last ones and start as the first", "[envs][rl]") {
  FrameStack env(std::make_unique<Counter>(2), 3);
  NumpyRandom random(1);
  env.reset(random);
  CHECK(env.spec().observation_space.shape() == std::vector<int>{1, 1, 6});
  CHECK(seen(env) == std::vector<float>{0, -0.0f, 0, -0.0f, 0, -0.0f});
  step(env);
  step(env);
  CHECK(seen(env) == std::vector<float>{0, 0, 1, -1, 2, -2});
  step(env);
  CHECK(seen(env) == std::vector<float>{1, -1, 2, -2, 3, -3});
  env.reset(random);
  CHECK(seen(env) == std::vector<float>{0, 0, 0, 0, 0, 0});
}

TEST_CASE("Stacked pictures keep their pixels together", "[envs][rl]") {
  FrameStack env(std::make_unique<Counter>(1), 2);
  NumpyRandom random(1);
  env.reset(random);
  CHECK(env.spec().observation_space.shape() == std::vector<int>{1, 2, 2});
  step(env);
  step(env);
  CHECK(seen(env) == std::vector<float>{1, 2, -1, -2});
}

TEST_CASE("A repeated action adds its rewards and shortens the time limit", "[envs][rl]") {
  ActionRepeat env(std::make_unique<Counter>(1), 3);
  NumpyRandom random(1);
  env.reset(random);
  CHECK(env.spec().max_episode_steps == 4);  // of 10, rounded up
  CHECK(step(env).reward == 1 + 2 + 3);
  CHECK(seen(env)[0] == 3);
  CHECK(step(env).reward == 4 + 5 + 6);
  const Outcome last = step(env);
  CHECK((last.reward == 7 && last.terminated));
}

TEST_CASE("An action is repeated only while it is allowed", "[envs][rl]") {
  ActionRepeat env(std::make_unique<Counter>(1), 3);
  NumpyRandom random(1);
  env.reset(random);
  step(env, 1);
  CHECK(step(env, 1).reward == 4);
  CHECK(seen(env)[0] == 4);
}

}  // namespace
}  // namespace tengen::envs::rl
