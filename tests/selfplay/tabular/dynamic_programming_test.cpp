#include "selfplay/tabular/dynamic_programming.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "envs/rl/registry.hpp"

using namespace tengen::selfplay;
using tengen::envs::rl::tabular_model;
using tengen::envs::rl::TabularModel;

namespace {

/// State 0: action 0 stays for 1, action 1 goes to state 1 for 0; state 1: action 0 stays for 2 and
/// ends with probability 1/2, action 1 goes back for -1.
TabularModel two_states() {
  TabularModel model(2, 2);
  model.outcomes(0, 0) = {{1, 0, 1, false}};
  model.outcomes(0, 1) = {{1, 1, 0, false}};
  model.outcomes(1, 0) = {{0.5, 1, 2, false}, {0.5, 1, 2, true}};
  model.outcomes(1, 1) = {{1, 0, -1, false}};
  model.initial = {0.25, 0.75};
  return model;
}

double best_start(const TabularModel& model, double gamma) {
  return start_value(model, value_iteration(model, gamma).values);
}

}  // namespace

TEST_CASE("Values of a policy in two states solve their two equations", "[tabular][G2]") {
  // V0 = 1/2 (1 + g V0) + 1/2 g V1, V1 = 1/2 (2 + g/2 V1) + 1/2 (-1 + g V0), with g = 1/2:
  // 3/4 V0 - 1/4 V1 = 1/2, 7/8 V1 - 1/4 V0 = 1/2.
  const TabularModel model = two_states();
  const StateValues values = evaluate_policy(model, uniform_policy(model), 0.5);
  CHECK(values[0] == Approx(18.0 / 19).epsilon(1e-12));
  CHECK(values[1] == Approx(16.0 / 19).epsilon(1e-12));
  CHECK(start_value(model, values) == Approx(16.5 / 19).epsilon(1e-12));
}

TEST_CASE("Action values look one step ahead and leave out what is not allowed", "[tabular]") {
  TabularModel model = two_states();
  model.allowed = {1, 0, 1, 1};
  const ActionValues values = action_values(model, {4, 2}, 0.5);
  CHECK(values[0] == Approx(3));
  CHECK(values[1] == -INFINITY);
  CHECK(values[2] == Approx(2.5));
  CHECK(values[3] == Approx(1));
  CHECK(uniform_policy(model) == TabularPolicy{1, 0, 0.5, 0.5});
  CHECK(greedy_policy(model, values) == TabularPolicy{1, 0, 1, 0});
}

TEST_CASE("Policy and value iteration agree on every tabular environment", "[tabular][G2]") {
  for (const char* env : {"FrozenLake-v1", "FrozenLake8x8-v1", "FrozenLake-v1:is_slippery=false",
                          "CliffWalking-v1", "Taxi-v3", "Taxi-v3:mask=true", "FourRooms-v0"}) {
    CAPTURE(env);
    const auto model = tabular_model(env);
    const TabularSolution a = policy_iteration(*model, 0.99), b = value_iteration(*model, 0.99);
    for (int state = 0; state < model->num_states; ++state)
      CHECK(a.values[state] == Approx(b.values[state]).margin(1e-9));
    const StateValues greedy = evaluate_policy(*model, b.policy, 0.99);
    CHECK(start_value(*model, greedy) == Approx(start_value(*model, a.values)).margin(1e-9));
  }
}

TEST_CASE("The best values of the usual grids are those known", "[tabular]") {
  CHECK(best_start(*tabular_model("FrozenLake-v1:is_slippery=false"), 1) == Approx(1));
  CHECK(best_start(*tabular_model("FrozenLake-v1"), 1) == Approx(14.0 / 17).epsilon(1e-6));
  CHECK(best_start(*tabular_model("FrozenLake-v1"), 0.99) == Approx(0.542).margin(5e-4));
  CHECK(best_start(*tabular_model("CliffWalking-v1"), 1) == Approx(-13));
  CHECK(best_start(*tabular_model("Taxi-v3"), 1) == Approx(7.93).margin(0.005));
}

TEST_CASE("A policy that never ends has no undiscounted value", "[tabular]") {
  TabularModel model = two_states();
  const TabularPolicy stay{1, 0, 1, 0};
  CHECK_THROWS_WITH(evaluate_policy(model, stay, 1), Catch::Contains("gamma below 1"));
  CHECK(evaluate_policy(model, stay, 0.5)[0] == Approx(2));
  CHECK_THROWS_WITH(episode_value(model, stay, 1), Catch::Contains("gamma below 1"));
  model.initial = {0, 1};  // never comes to state 0
  CHECK(episode_value(model, stay, 1) == Approx(4));
  CHECK_THROWS_WITH(evaluate_policy(model, stay, 1.5), Catch::Contains("gamma in [0, 1]"));
}

TEST_CASE("The return under a time limit is that of the first steps", "[tabular]") {
  const TabularModel model = two_states();
  const TabularPolicy end{0, 1, 1, 0};  // to state 1, and there until it ends
  CHECK(episode_return(model, end, 0) == 0);
  CHECK(episode_return(model, end, 1) == Approx(0.75 * 2));
  CHECK(episode_return(model, end, 2) == Approx(0.75 * (2 + 1) + 0.25 * 2));
  CHECK(episode_return(model, end, 100) == Approx(episode_value(model, end, 1)));
  const TabularPolicy stay{1, 0, 1, 0};  // may never end
  CHECK(episode_return(model, stay, 3) == Approx(0.75 * (2 + 1 + 0.5) + 0.25 * 3));
}
