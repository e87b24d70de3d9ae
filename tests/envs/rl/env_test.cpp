// What holds for every environment, single and in batches.
#include "envs/rl/env.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "envs/rl/check_env.hpp"
#include "envs/rl/registry.hpp"

namespace tengen::envs::rl {
namespace {

using Catch::Matchers::Contains;

bool same(std::span<const float> a, std::span<const float> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

TEST_CASE("Every environment keeps its promises", "[envs][rl]") {
  for (const EnvInfo& info : known_envs()) {
    CAPTURE(info.id);
    CHECK_NOTHROW(check_env(info.id, 300));
    CHECK_NOTHROW(check_env(info.id + ":frame_stack=3,action_repeat=2", 100));
  }
}

/// Plays the copies of a batch one by one beside it, with the same seeds and actions.
void compare_with_single(const std::string& spec, int count, int steps) {
  const auto batch = make_vector_env(spec, count);
  std::vector<Env> singles;
  for (int i = 0; i < count; ++i) singles.push_back(make_env(spec));
  NumpyRandom choices(3);
  const std::size_t width = batch->spec().action_space.size();
  const std::size_t seen = batch->spec().observation_space.size();
  std::vector<float> actions(width * count);
  batch->reset(77);
  for (int i = 0; i < count; ++i) singles[i].reset(77 + i);
  const auto row = [&](std::span<const float> rows, int i) { return rows.subspan(i * seen, seen); };
  for (int step = 0; step < steps; ++step) {
    for (int i = 0; i < count; ++i) {
      REQUIRE(same(row(batch->observations(), i), singles[i].observation()));
      const auto mask = singles[i].action_mask();
      REQUIRE(
          std::equal(mask.begin(), mask.end(), batch->action_masks().begin() + i * mask.size()));
      sample_action(batch->spec(), mask, choices, std::span(actions).subspan(i * width, width));
    }
    batch->step(actions);
    for (int i = 0; i < count; ++i) {
      const Step got = singles[i].step(std::span(actions).subspan(i * width, width));
      REQUIRE(batch->rewards()[i] == static_cast<float>(got.reward));
      REQUIRE((batch->terminated()[i] != 0) == got.terminated);
      REQUIRE((batch->truncated()[i] != 0) == got.truncated);
      if (!got.done()) continue;
      REQUIRE(same(row(batch->final_observations(), i), singles[i].observation()));
      singles[i].reset();
    }
  }
}

TEST_CASE("A batch does what its environments do one by one", "[envs][rl]") {
  for (const EnvInfo& info : known_envs()) {
    CAPTURE(info.id);
    compare_with_single(info.id + ":max_steps=17", 3, 60);
    compare_with_single(info.id + ":frame_stack=2,action_repeat=3", 2, 30);
  }
}

TEST_CASE("A time limit truncates and an end of the rules terminates", "[envs][rl]") {
  const float left = 0;
  Env env = make_env("CliffWalking-v1:max_steps=3");
  env.reset(1);
  for (int step = 1; step <= 3; ++step) {
    const Step got = env.step({&left, 1});
    CHECK(got.truncated == (step == 3));
    CHECK_FALSE(got.terminated);
  }
  Env ball = make_env("Catch-v0:rows=3");
  ball.reset(1);
  CHECK_FALSE(ball.step({&left, 1}).done());
  CHECK(ball.step({&left, 1}).terminated);
}

TEST_CASE("Errors of a step name the environment the step and the value", "[envs][rl]") {
  const auto step = [](Env& env, float action) { env.step({&action, 1}); };
  Env cart = make_env("CartPole-v1:max_steps=2");
  CHECK_THROWS_WITH(step(cart, 0),
                    Contains("CartPole-v1") && Contains("step 0") && Contains("not begun"));
  cart.reset(1);
  step(cart, 1);
  for (const float bad : {2.0f, -1.0f, 0.5f})
    CHECK_THROWS_WITH(step(cart, bad), Contains("CartPole-v1") && Contains("Discrete(2)") &&
                                           Contains("step 1") &&
                                           Contains(fmt::format("[{}]", bad)));
  CHECK_THROWS_WITH(step(cart, std::nanf("")), Contains("step 1") && Contains("nan"));
  step(cart, 1);
  CHECK_THROWS_WITH(step(cart, 0), Contains("step 2") && Contains("is over"));
  Env pendulum = make_env("Pendulum-v1");
  pendulum.reset(1);
  CHECK_THROWS_WITH(step(pendulum, 2.5f), Contains("Box(-2, 2, (1,))") && Contains("[2.5]"));
  CHECK_THROWS_WITH(pendulum.step({}), Contains("got []"));
  Env taxi = make_env("Taxi-v3:mask=true");
  taxi.reset(1);
  for (int action = 0; action < 6; ++action)
    if (!taxi.action_mask()[action])
      CHECK_THROWS_WITH(step(taxi, static_cast<float>(action)),
                        Contains("Taxi-v3") && Contains("allowed") && Contains("step 0"));
}

TEST_CASE("A batch refuses wrong actions before anything moves", "[envs][rl]") {
  for (const char* id : {"CartPole-v1", "Pendulum-v1", "tic_tac_toe:side=first"}) {
    CAPTURE(id);
    const auto batch = make_vector_env(id, 5);
    std::vector<float> actions(5, 0);
    CHECK_THROWS_WITH(batch->step(actions), Contains(batch->spec().id) && Contains("reset()"));
    batch->reset(1);
    const std::vector<float> before(batch->observations().begin(), batch->observations().end());
    for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity(), 1e30f, -2.5f,
                            -std::nanf(""), -std::numeric_limits<float>::infinity()}) {
      actions[3] = bad;
      CHECK_THROWS_WITH(batch->step(actions),
                        Contains("step 0 of environment 3") && Contains(fmt::format("{}", bad)));
    }
    CHECK_THROWS_WITH(batch->step(std::span(actions).first(4)), Contains("5 numbers"));
    CHECK(same(batch->observations(), before));
  }
}

TEST_CASE("Unknown environments and options are refused by name", "[envs][rl]") {
  CHECK_THROWS_WITH(make_env("CartPole-v9"),
                    Contains("CartPole-v1") && Contains("tic_tac_toe") && Contains("CartPole-v9"));
  CHECK_THROWS_WITH(make_env("CartPole-v1:gravity=1"),
                    Contains("gravity") && Contains("max_steps"));
  CHECK_THROWS_WITH(make_vector_env("CartPole-v1:frame_stack=0", 2), Contains("frame_stack"));
  CHECK_THROWS_WITH(make_vector_env("CartPole-v1", 0), Contains("at least one"));
}

/// Breaks one promise at its fifth step.
struct Broken final : Dynamics {
  enum class Fault { none, reward, observation, mask, unwritten, memory } fault;
  int time = 0, lives = 0;

  explicit Broken(Fault f) : fault(f) {}
  bool now(Fault f) const { return fault == f && time >= 5; }
  EnvSpec spec() const override {
    return {.id = "Broken", .observation_space = Space::box(-1, 1, {2}), .masks_actions = true};
  }
  void reset(NumpyRandom&) override { time = 0, ++lives; }
  Outcome step(std::span<const float>, NumpyRandom&) override {
    ++time;
    return {now(Fault::reward) ? std::nan("") : 0.0, time == 9};
  }
  void observe(std::span<float> out) const override {
    out[0] = now(Fault::observation) ? 2.0f : 0.0f;
    if (!now(Fault::unwritten)) out[1] = now(Fault::memory) ? 1.0f / static_cast<float>(lives) : 0;
  }
  void action_mask(std::span<std::uint8_t> out) const override { out[0] = !now(Fault::mask); }
};

TEST_CASE("check_env finds broken promises", "[envs][rl]") {
  using Fault = Broken::Fault;
  const auto check = [](Fault fault) {
    check_env([&] { return std::make_unique<Broken>(fault); }, 50);
  };
  CHECK_NOTHROW(check(Fault::none));
  CHECK_THROWS_WITH(check(Fault::reward),
                    Contains("Broken") && Contains("finite reward at step 5"));
  CHECK_THROWS_WITH(check(Fault::observation), Contains("in its space at step 5"));
  CHECK_THROWS_WITH(check(Fault::unwritten), Contains("in its space at step 5"));
  CHECK_THROWS_WITH(check(Fault::mask), Contains("allowed action at step 5"));
  CHECK_THROWS_WITH(check(Fault::memory), Contains("used copy"));
}

}  // namespace
}  // namespace tengen::envs::rl
