#include "envs/rl/tabular/tabular.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "envs/rl/registry.hpp"
#include "envs/rl/tabular/bandit.hpp"

namespace tengen::envs::rl {
namespace {

using Catch::Matchers::Contains;

/// Optimal values by value iteration, to convergence.
std::vector<double> optimal_values(const TabularModel& model, double discount) {
  std::vector<double> values(model.num_states);
  for (double change = 1; change > 1e-12;) {
    change = 0;
    for (int state = 0; state < model.num_states; ++state) {
      double best = -1e300;
      for (int action = 0; action < model.num_actions; ++action) {
        double value = 0;
        for (const Transition& t : model.outcomes(state, action))
          value += t.probability * (t.reward + (t.terminated ? 0 : discount * values[t.next]));
        best = std::max(best, value);
      }
      change = std::max(change, std::abs(best - values[state]));
      values[state] = best;
    }
  }
  return values;
}

double best_return(const char* spec, double discount) {
  const auto model = tabular_model(spec);
  const auto values = optimal_values(*model, discount);
  double sum = 0;
  for (int state = 0; state < model->num_states; ++state)
    sum += model->initial[state] * values[state];
  return sum;
}

TEST_CASE("Optimal returns of the grid worlds are the known ones", "[envs][rl]") {
  CHECK(best_return("FrozenLake-v1", 1) == Approx(14.0 / 17));  // 0.8235 without a time limit
  CHECK(best_return("FrozenLake-v1:is_slippery=false", 0.99) == Approx(std::pow(0.99, 5)));
  CHECK(best_return("FrozenLake8x8-v1", 1) == Approx(1));
  CHECK(best_return("FrozenLake-v1:map_name=8x8,is_slippery=false", 0.9) ==
        Approx(std::pow(0.9, 13)));
  CHECK(best_return("CliffWalking-v1", 1) == Approx(-13));
  CHECK(best_return("Taxi-v3", 1) == Approx(7.93).margin(0.005));
}

TEST_CASE("The four rooms have 104 cells and four hallways", "[envs][rl]") {
  const auto model = tabular_model("FourRooms-v0");
  CHECK(model->num_states == 104);
  int hallways = 0;  // cells that two opposite ways lead out of, and no other
  for (int state = 0; state < 104; ++state) {
    const auto open = [&](int way) { return model->outcomes(state, 0)[way].next != state; };
    hallways += open(0) == open(2) && open(1) == open(3) && open(0) != open(1);
  }
  CHECK(hallways == 4);
  CHECK(model->outcomes(0, 1)[1].probability == Approx(2.0 / 3));
  CHECK(model->outcomes(0, 1)[0].probability == Approx(1.0 / 9));
}

TEST_CASE("The mask of Taxi allows what changes the state", "[envs][rl]") {
  Env env = make_env("Taxi-v3:mask=true");
  const auto model = tabular_model("Taxi-v3");
  env.reset(5);
  for (int step = 0; step < 150; ++step) {
    const int state = static_cast<int>(env.observation()[0]);
    std::vector<float> useful;
    for (int action = 0; action < 6; ++action) {
      CHECK((env.action_mask()[action] != 0) == (model->outcomes(state, action)[0].next != state));
      if (env.action_mask()[action] && action != 5) useful.push_back(static_cast<float>(action));
    }
    env.step({&useful[static_cast<std::size_t>(step) % useful.size()], 1});
  }
}

TEST_CASE("Models that are none are refused by name", "[envs][rl]") {
  const auto make = [](const TabularModel& model) {
    TabularDynamics({.id = "x"}, std::make_shared<TabularModel>(model));
  };
  TabularModel model(2, 1);
  model.initial = {1, 0};
  model.outcomes(0, 0) = {{0.5, 1, 0, true}};
  model.outcomes(1, 0) = {{1, 1, 0, true}};
  CHECK_THROWS_WITH(make(model), Contains("sum to 1") && Contains("0.5"));
  model.outcomes(0, 0) = {{1, 2, 0, true}};
  CHECK_THROWS_WITH(make(model), Contains("state below 2") && Contains("got 2"));
  model.outcomes(0, 0) = {{1, 1, 0, true}};
  model.allowed = {1, 0};
  CHECK_THROWS_WITH(make(model), Contains("allowed action at state 1"));
  model.allowed.clear();
  CHECK_NOTHROW(make(model));
  model.initial = {1, 1};
  CHECK_THROWS_WITH(make(model), Contains("starts"));
  CHECK_THROWS_WITH(tabular_model("CartPole-v1"), Contains("CartPole-v1") && Contains("tabular"));
}

TEST_CASE("The arms of a bandit pay their values on average", "[envs][rl]") {
  Spec spec("Bandit-v0:arms=3,noise=0.5");
  Bandit bandit = Bandit::from_spec(spec);
  NumpyRandom random(1);
  for (float arm = 0; arm < 3; ++arm) {
    double sum = 0;
    constexpr int kPulls = 10000;
    for (int i = 0; i < kPulls; ++i) {
      bandit.reset(random);
      const Outcome outcome = bandit.step({&arm, 1}, random);
      CHECK(outcome.terminated);
      sum += outcome.reward;
    }
    const double deviation = 0.5 / std::sqrt(kPulls);
    CHECK(std::abs(sum / kPulls - bandit.values()[static_cast<int>(arm)]) < 4 * deviation);
  }
}

}  // namespace
}  // namespace tengen::envs::rl
