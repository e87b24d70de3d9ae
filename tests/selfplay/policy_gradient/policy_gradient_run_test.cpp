#include "selfplay/policy_gradient/policy_gradient_run.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/base/error.hpp"
#include "tests/support/temp_dir.hpp"

namespace tengen::selfplay {
namespace {

PolicyGradientConfig small_config(const std::string& algo, const std::string& env) {
  PolicyGradientConfig config = usual_config(algo, env);
  config.environments = 4;
  config.rollout = 64;
  config.minibatch = 64;
  config.steps = 2048;
  config.evaluate_every = 512;
  config.evaluation_episodes = 3;
  return config;
}

/// Asks to stop after some updates.
class StopAfter : public PolicyGradientObserver {
 public:
  StopAfter(int updates, std::atomic<bool>& stop) : left_(updates), stop_(stop) {}
  void on_update(std::int64_t, double, const UpdateReport&) override {
    if (--left_ == 0) stop_ = true;
  }

 private:
  int left_;
  std::atomic<bool>& stop_;
};

std::vector<double> curve(const std::filesystem::path& path) {
  const RunDirectory run = RunDirectory::open(path, RunDirectory::Access::read);
  std::vector<double> values;
  for (const char* name : {"evaluation_return", "training_return", "loss", "kl"})
    for (const MetricRow& row : run.metrics(name)) values.push_back(row.value);
  return values;
}

}  // namespace

TEST_CASE("One seed gives one learning curve also when interrupted", "[selfplay][pg]") {
  for (const auto& [algo, env, memory] : {std::tuple{"ppo", "CartPole-v1", "none"},
                                          {"ppo", "Taxi-v3:mask=true", "none"},
                                          {"ppo", "CartPole-P-v1", "gru"},
                                          {"ppo", "CartPole-P-v1", "attention"},
                                          {"a2c", "Pendulum-v1", "none"},
                                          {"reinforce", "CartPole-v1", "none"}}) {
    const test::TempDir directory;
    PolicyGradientConfig config = small_config(algo, env);
    config.memory = memory;
    config.normalise_observations = config.normalise_rewards = true;
    PolicyGradientObserver silent;
    const auto whole = train_policy(config, directory.path() / "whole", silent);
    CHECK(whole.finished);
    std::atomic<bool> stop = false;
    StopAfter interrupter(3, stop);
    CHECK_FALSE(train_policy(config, directory.path() / "cut", interrupter, &stop).finished);
    CHECK(train_policy(config, directory.path() / "cut", silent).finished);
    CAPTURE(algo, env);
    const auto expected = curve(directory.path() / "whole");
    CHECK(expected.size() >= 12);
    CHECK(curve(directory.path() / "cut") == expected);
  }
}

TEST_CASE("Evaluations and checkpoints change nothing in the training", "[selfplay][pg]") {
  const auto parameters = [](const PolicyGradientConfig& config) {
    PolicyGradientTrainer trainer(config);
    PolicyGradientObserver silent;
    const test::TempDir directory;
    while (trainer.steps() < config.steps) {
      train_to_evaluation(trainer, config, silent);
      trainer.save(directory.path());
    }
    std::vector<float> all;
    for (const NamedParameter& parameter : trainer.net().parameters())
      std::ranges::copy(parameter.variable.value().values<float>(), std::back_inserter(all));
    return all;
  };
  PolicyGradientConfig config = small_config("ppo", "CartPole-v1");
  const auto often = parameters(config);
  config.evaluate_every = config.steps;
  CHECK(parameters(config) == often);
}

TEST_CASE("Each draw of episodes to evaluate is its own and stays the same", "[selfplay][pg]") {
  PolicyGradientTrainer trainer(small_config("ppo", "Pendulum-v1"));
  const std::vector<double> first = trainer.evaluate(3), second = trainer.evaluate(3, 1);
  CHECK(first != second);
  CHECK(trainer.evaluate(3) == first);
  CHECK(trainer.evaluate(3, 1) == second);
}

TEST_CASE("Sequences within a rollout start from the states that they were played from",
          "[selfplay][pg]") {
  PolicyGradientConfig config = small_config("ppo", "CartPole-P-v1");
  config.memory = "gru";
  config.epochs = 1;
  config.minibatch = config.environments * config.rollout;  // one gradient step
  config.learning_rate = 0.01;
  config.anneal = false;
  for (const int sequence : {0, 16, 1}) {
    config.sequence = sequence;
    PolicyGradientTrainer trainer(config);
    for (int update = 0; update < 3; ++update)  // states change from update to update
      CHECK(trainer.update().terms.kl == Approx(0).margin(1e-9));
  }
}

TEST_CASE("REINFORCE learns from whole episodes alone", "[selfplay][pg]") {
  PolicyGradientConfig config = small_config("reinforce", "MountainCar-v0:max_steps=100");
  PolicyGradientTrainer trainer(config);
  trainer.update();
  CHECK(trainer.steps() == 4 * 100);  // nobody gets up the hill by chance in 100 steps
  CHECK(trainer.recent_returns() == std::deque<double>(4, -100));
  trainer.update();
  CHECK(trainer.steps() == 8 * 100);
}

TEST_CASE("A run that has made the steps asked for is left as it is", "[selfplay][pg]") {
  const test::TempDir directory;
  PolicyGradientObserver silent;
  PolicyGradientConfig config = small_config("ppo", "CartPole-v1");
  train_policy(config, directory.path() / "run", silent);
  config.steps = 1000;
  CHECK(train_policy(config, directory.path() / "run", silent).steps == 2048);
  const RunDirectory run = RunDirectory::open(directory.path() / "run", RunDirectory::Access::read);
  CHECK(policy_gradient_config_of(run).steps == 2048);
}

TEST_CASE("PPO learns to balance a pole", "[selfplay][pg]") {
  PolicyGradientConfig config = usual_config("ppo", "CartPole-v1");
  config.steps = 60000;
  config.evaluate_every = 60000;
  PolicyGradientTrainer trainer(config);
  PolicyGradientObserver silent;
  CHECK(train_to_evaluation(trainer, config, silent)->evaluation_return >= 400);
}

// Random cards are right every fourth time, which pays -0.5.
TEST_CASE("A policy with attention learns to repeat what it saw steps ago", "[selfplay][pg]") {
  PolicyGradientConfig config = usual_config("ppo", "RepeatPreviousEasy-v0");
  config.memory = "attention";
  config.memory_units = 32;
  config.memory_window = 8;
  config.steps = config.evaluate_every = 15000;
  PolicyGradientTrainer trainer(config);
  PolicyGradientObserver silent;
  CHECK(train_to_evaluation(trainer, config, silent)->evaluation_return >= 0.3);
}

TEST_CASE("Bad knobs are refused before anything is written", "[selfplay][pg]") {
  const test::TempDir directory;
  PolicyGradientObserver silent;
  const auto refused = [&](auto change) {
    PolicyGradientConfig config = small_config("ppo", "CartPole-v1");
    change(config);
    CHECK_THROWS_AS(train_policy(config, directory.path() / "run", silent), std::invalid_argument);
    CHECK_FALSE(std::filesystem::exists(directory.path() / "run"));
  };
  refused([](auto& c) { c.gamma = 1.5; });
  refused([](auto& c) { c.env = "Nowhere-v0"; });
  refused([](auto& c) { c.algo = "dqn"; });
  refused([](auto& c) { c.learning_rate = std::nan(""); });
  refused([](auto& c) {
    c.memory = "lstm";
    c.minibatch = 32;
  });
  refused([](auto& c) { c.memory_span = 1; });
  refused([](auto& c) {
    c.memory = "gru";
    c.sequence = 48;
  });
}

TEST_CASE("Outputs that are not numbers end training with environment and step", "[selfplay][pg]") {
  const PolicyGradientConfig config = small_config("ppo", "CartPole-v1");
  PolicyGradientTrainer trainer(config);
  for (NamedParameter parameter : trainer.net().parameters()) parameter.variable.value().fill(NAN);
  CHECK_THROWS_WITH(trainer.update(),
                    Catch::Contains("CartPole-v1: at step 0") && Catch::Contains("nan"));
}

}  // namespace tengen::selfplay
