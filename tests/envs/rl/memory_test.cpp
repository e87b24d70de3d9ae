// Players that know what an environment asks for reach its best return.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "envs/rl/registry.hpp"

namespace tengen::envs::rl {
namespace {

/// Chooses an action by all that has been seen in the episode, the present observation last.
using Player = std::function<float(const std::vector<std::vector<float>>& seen)>;

double play(const std::string& id, std::uint64_t seed, const Player& player) {
  Env env = make_env(id);
  env.reset(seed);
  std::vector<std::vector<float>> seen;
  double sum = 0;
  for (Step step; !step.done(); sum += step.reward) {
    seen.emplace_back(env.observation().begin(), env.observation().end());
    const float action = player(seen);
    step = env.step({&action, 1});
  }
  return sum;
}

/// Every one of ten episodes must have the same return.
void check_return(const std::string& id, double expected, const Player& player) {
  CAPTURE(id);
  for (std::uint64_t seed = 0; seed < 10; ++seed) CHECK(play(id, seed, player) == Approx(expected));
}

TEST_CASE("A paddle that goes to the ball catches it", "[envs][rl]") {
  check_return("Catch-v0:rows=12,columns=5", 1, [](const auto& seen) {
    const auto& now = seen.back();
    const auto ball = (std::find(now.begin(), now.end(), 1.0f) - now.begin()) % 5;
    const auto paddle = (std::find(now.begin() + 55, now.end(), 1.0f) - now.begin()) % 5;
    return ball < paddle ? 0.0f : (ball > paddle ? 2.0f : 1.0f);
  });
}

TEST_CASE("A paddle that stands misses all balls but the middle one", "[envs][rl]") {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed)
    sum += play("Catch-v0", seed, [](const auto&) { return 1.0f; });
  CHECK(sum / 500 == Approx(-0.6).margin(0.15));
}

TEST_CASE("The diver who goes right at every step finds the treasure", "[envs][rl]") {
  check_return("DeepSea-v0:size=7,randomize=false", 0.99, [](const auto&) { return 1.0f; });
  check_return("DeepSea-v0:size=7,randomize=false", 0, [](const auto&) { return 0.0f; });
  check_return("DeepSea-v0:size=7,randomize=false", -0.01 * 6 / 7,
               [](const auto& seen) { return seen.size() == 1 ? 0.0f : 1.0f; });
}

TEST_CASE("The cells of the deep sea are the sea", "[envs][rl]") {
  Env sea = make_env("DeepSea-v0:size=5,mapping_seed=3"),
      cells = make_env("DeepSeaCells-v0:size=5,mapping_seed=3");
  for (int path = 0; path < 1 << 5; ++path) {
    sea.reset(0);
    cells.reset(0);
    Step step;
    for (int row = 0; !step.done(); ++row) {
      CHECK(sea.observation()[cells.observation()[0]] == 1);
      const float action = static_cast<float>(path >> row & 1);
      step = sea.step({&action, 1});
      const Step same = cells.step({&action, 1});
      CHECK(same.reward == Approx(step.reward));
      REQUIRE(same.terminated == step.terminated);
    }
  }
}

TEST_CASE("Whoever remembers answers the chain", "[envs][rl]") {
  const auto bit = [](const auto& seen) {
    return seen[0][2 + static_cast<int>(seen.back()[1])] > 0 ? 1.0f : 0.0f;
  };
  check_return("MemoryChain-v0:length=6,bits=3", 1, bit);
  check_return("MemoryChain-v0:length=6,bits=3", -1,
               [&](const auto& seen) { return 1 - bit(seen); });
}

TEST_CASE("Whoever remembers the sign turns to the goal of the maze", "[envs][rl]") {
  constexpr float kNorth = 0, kEast = 1, kSouth = 2;
  const auto walk = [&](bool right) {
    return [=](const std::vector<std::vector<float>>& seen) {
      if (seen.size() <= 20) return kEast;
      return (seen[0][0] == 0) == right ? kNorth : kSouth;
    };
  };
  check_return("TMaze-v0:length=20", 4, walk(true));
  check_return("TMaze-v0:length=20", -0.1, walk(false));
}

TEST_CASE("Whoever remembers the cards names the suit", "[envs][rl]") {
  const std::pair<const char*, std::size_t> games[] = {
      {"RepeatPreviousEasy-v0", 4}, {"RepeatPreviousMedium-v0", 32}, {"RepeatPreviousHard-v0", 64}};
  for (const auto& [id, back] : games)
    check_return(id, 1, [back = back](const auto& seen) {
      return seen.size() < back ? 0.0f : seen[seen.size() - back][0];
    });
}

TEST_CASE("The umbrella decides the last reward alone", "[envs][rl]") {
  const auto last_reward = [](std::uint64_t seed, bool fitting) {
    Env env = make_env("Umbrella-v0:length=5");
    env.reset(seed);
    Step step;
    for (bool first = true; !step.done(); first = false) {
      const float needed = env.observation()[0];
      const float action = first == fitting ? needed : 1 - needed;
      step = env.step({&action, 1});
    }
    return step.reward;
  };
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CHECK(last_reward(seed, true) == 1);
    CHECK(last_reward(seed, false) == -1);
  }
}

}  // namespace
}  // namespace tengen::envs::rl
