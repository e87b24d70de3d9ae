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

TEST_CASE("The usual values find the best policy of a taxi and of the deep sea", "[tabular]") {
  CHECK(greedy_start("Taxi-v3", usual_tabular_config("Taxi-v3")) == Approx(7.93));
  CHECK(greedy_start("DeepSeaCells-v0", usual_tabular_config("DeepSeaCells-v0")) == Approx(0.99));
}

TEST_CASE("Only hope finds the treasure of the deep sea", "[tabular]") {
  TemporalDifferenceConfig config{.steps = 20000, .gamma = 1, .epsilon = 0, .initial_value = 1};
  CHECK(greedy_start("DeepSeaCells-v0", config) == Approx(0.99));
  config.initial_value = 0;
  CHECK(greedy_start("DeepSeaCells-v0", config) <= 0);
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
