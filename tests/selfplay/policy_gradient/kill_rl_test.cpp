// Kills policy gradient training with SIGKILL at random moments and goes on with it: the learning
// curve and the net are those of a run that nobody disturbed.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "engine/base/random.hpp"
#include "selfplay/policy_gradient/policy_gradient_run.hpp"
#include "tests/support/killed_child.hpp"
#include "tests/support/temp_dir.hpp"

namespace tengen::selfplay {
namespace {

namespace fs = std::filesystem;

PolicyGradientConfig killed_training() {
  PolicyGradientConfig config = usual_config("ppo", "CartPole-v1");
  config.steps = 50000;
  config.evaluate_every = 2500;
  config.evaluation_episodes = 2;
  config.normalise_observations = config.normalise_rewards = true;
  return config;
}

struct PipeReporter : PolicyGradientObserver {
  explicit PipeReporter(const test::ChildTask& task) : task_(task) {}
  void on_checkpoint(const PolicyGradientReport& report) override {
    task_.report(std::to_string(report.checkpoint) + "\n");
  }
  const test::ChildTask& task_;
};

/// All metrics but the speed.
std::vector<std::tuple<std::string, int, double>> curve_of(const fs::path& path) {
  const RunDirectory run = RunDirectory::open(path, RunDirectory::Access::read);
  std::vector<std::tuple<std::string, int, double>> rows;
  for (const auto& [name, value] : metrics_of(PolicyGradientReport{}))
    if (name != "steps_per_second")
      for (const MetricRow& row : run.metrics(name)) rows.emplace_back(name, row.step, row.value);
  return rows;
}

std::string last_net(const fs::path& path) {
  const RunDirectory run = RunDirectory::open(path, RunDirectory::Access::read);
  std::ifstream file(run.checkpoint_path(*run.latest_checkpoint()) / "net.safetensors",
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("Policy gradient child that the kill test starts and kills", "[.][kill_rl_child]") {
  const auto task = test::ChildTask::given();
  if (!task) return;
  PipeReporter reporter(*task);
  train_policy(killed_training(), task->run, reporter);
}

TEST_CASE("Policy gradient training killed at random moments gives the same run",
          "[selfplay][pg][kill]") {
  const test::TempDir dir;
  test::KillMoments moments(7, 0.03, 0.3);
  std::string reported;
  int useful = 0;
  for (int kill = 0; kill < 8; ++kill) {
    const std::string text =
        test::run_and_kill("[kill_rl_child]", dir / "killed", moments.next(), true);
    if (text.empty())
      moments.came_before_any_work();
    else
      ++useful;
    reported += text;
  }
  REQUIRE(useful >= 2);  // else the kills all came before any work: the test shows nothing
  PolicyGradientObserver silent;
  CHECK(train_policy(killed_training(), dir / "killed", silent).checkpoints == 20);
  CHECK(train_policy(killed_training(), dir / "whole", silent).finished);
  CHECK(curve_of(dir / "killed") == curve_of(dir / "whole"));
  CHECK(last_net(dir / "killed") == last_net(dir / "whole"));
}

}  // namespace tengen::selfplay
