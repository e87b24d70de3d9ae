#include "selfplay/tabular/temporal_difference.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "envs/rl/registry.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

/// The undiscounted value of acting greedily on what was learned.
double greedy_start(const char* env, const TemporalDifferenceConfig& config) {
  const auto model = envs::rl::tabular_model(env);
  const TabularPolicy policy = greedy_policy(*model, learn_action_values(env, config, Rng(1)));
  return episode_value(*model, policy, 1);
}

}  // namespace

TEST_CASE("Q-learning walks along the cliff and SARSA keeps away from it", "[tabular]") {
  TemporalDifferenceConfig config{.gamma = 1};
  CHECK(greedy_start("CliffWalking-v1", config) == Approx(-13));
  config.method = TemporalDifference::sarsa;
  const double safe = greedy_start("CliffWalking-v1", config);
  CHECK(safe < -14.9);
  CHECK(safe > -17.1);
}

TEST_CASE("Q-learning of a taxi finds the best ways", "[tabular]") {
  // Where nothing is left to chance, a rate that stays high does no harm.
  TemporalDifferenceConfig config{.steps = 400000, .final_learning_rate = 0.5};
  CHECK(greedy_start("Taxi-v3", config) == Approx(7.93).margin(0.05));
}

TEST_CASE("Q-learning keeps to what a mask allows", "[tabular]") {
  const TemporalDifferenceConfig config{.steps = 20000};
  const ActionValues values = learn_action_values("Taxi-v3:mask=true", config, Rng(1));
  const auto model = envs::rl::tabular_model("Taxi-v3:mask=true");
  for (std::size_t i = 0; i < values.size(); ++i)
    if (model->allowed[i] == 0) CHECK(values[i] == 0);
}

TEST_CASE("Equal seeds learn equal tables", "[tabular]") {
  const TemporalDifferenceConfig config{.steps = 5000};
  const auto learn = [&](std::uint64_t seed) {
    return learn_action_values("FrozenLake-v1", config, Rng(seed));
  };
  CHECK(learn(1) == learn(1));
  CHECK(learn(1) != learn(2));
}

TEST_CASE("Tables need discrete observations and actions", "[tabular]") {
  CHECK_THROWS_WITH(learn_action_values("CartPole-v1", {}, Rng(1)),
                    Catch::Contains("discrete observations, CartPole-v1 has Box"));
  CHECK_THROWS_WITH(learn_action_values("Pendulum-v1", {}, Rng(1)),
                    Catch::Contains("discrete actions, Pendulum-v1 has Box"));
}
