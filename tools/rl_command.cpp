// tengen rl: policy gradient training in a run directory, and its environments.
#include <atomic>
#include <iostream>
#include <memory>
#include <string>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "engine/base/progress.hpp"
#include "envs/rl/registry.hpp"
#include "selfplay/policy_gradient/policy_gradient_run.hpp"
#include "tools/commands.hpp"
#include "tools/config_options.hpp"
#include "tools/interrupt.hpp"
#include "tools/options.hpp"
#include "tools/output_files.hpp"
#include "tools/rl_commands.hpp"
#include "tools/rl_report.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

using selfplay::PolicyGradientConfig;
using selfplay::PolicyGradientReport;
using selfplay::RunDirectory;

constexpr const char* kFooter =
    "The same command goes on with a run that was stopped or killed; Ctrl-C ends, keeping the "
    "last\n"
    "checkpoint. Defaults are those that are known to work for --algo and --env.\n"
    "Examples:\n"
    "  tengen rl runs/cartpole --algo ppo --env CartPole-v1 --seed 1\n"
    "  tengen rl runs/cartpole --steps 200000       go on, with the options of the run\n"
    "  tengen rl --env Acrobot-v1 --print-config > acrobot.toml; tengen rl runs/a --config "
    "acrobot.toml\n"
    "  tengen rl envs                               what there is to learn\n"
    "  tengen rl bench --env Pendulum-v1            how well and fast it is learned\n"
    "  tengen rl tabular --env CliffWalking-v1      what is known exactly, and learned with tables";

struct RlOptions {
  std::string directory;
  bool print_config = false;
  PolicyGradientConfig config = selfplay::usual_config("ppo", "CartPole-v1");
};

/// A progress line, and a log line for each evaluation, both on stderr.
class ProgressLines : public selfplay::PolicyGradientObserver {
 public:
  ~ProgressLines() override {
    if (updated_) show();
  }
  void on_start(const PolicyGradientConfig& config, std::int64_t done,
                std::int64_t parameters) override {
    spdlog::info("{} on {}, {} parameters", config.algo, config.env, parameters);
    if (done >= config.steps) return;  // nothing is left to do
    if (done > 0) spdlog::info("going on after {} steps", done);
    done_ = done;
    progress_ = std::make_unique<Progress>(config.env, "steps",
                                           static_cast<std::uint64_t>(config.steps - done));
  }
  void on_update(std::int64_t steps, double recent, const selfplay::UpdateReport& report) override {
    steps_ = steps - done_;
    recent_ = recent;
    terms_ = report.terms;
    updated_ = true;
    // Formatting costs as much as a step: only where somebody may see it, and at the end.
    if (watch_.seconds() < 0.1) return;
    watch_.restart();
    show();
  }
  void on_checkpoint(const PolicyGradientReport& report) override {
    spdlog::info("{} steps  evaluation {:.2f} (least {:.2f}){}  training {:.2f}  {:.0f} steps/s",
                 report.steps, report.evaluation_return, report.evaluation_low,
                 report.best ? " best" : "", report.training_return, report.steps_per_second);
  }

 private:
  void show() {
    progress_->update(static_cast<std::uint64_t>(steps_),
                      fmt::format("return {:.1f}  entropy {:.3f}  kl {:.4f}", recent_,
                                  terms_.entropy, terms_.kl));
  }

  std::int64_t done_ = 0;
  // Of the last update.
  bool updated_ = false;
  std::int64_t steps_ = 0;
  double recent_ = 0;
  selfplay::PolicyLossTerms terms_;
  Stopwatch watch_;
  std::unique_ptr<Progress> progress_;
};

void write_learning_curve(const std::string& directory, const PolicyGradientConfig& config) {
  const RunDirectory run = RunDirectory::open(directory, RunDirectory::Access::read);
  write_text_file(std::filesystem::path(directory) / "curve.svg",
                  curves_svg(fmt::format("{} on {}, seed {}", config.algo, config.env, config.seed),
                             "environment steps", rl_curves(run)));
}

int print_config(PolicyGradientConfig config) {
  std::cout << config_text("Options of tengen rl; use: tengen rl DIR --config FILE",
                           policy_gradient_fields(config));
  return 0;
}

selfplay::PolicyGradientSummary learn(const RlOptions& options, const std::atomic<bool>& stop) {
  ProgressLines lines;  // which end before the summary
  return train_policy(options.config, options.directory, lines, &stop);
}

int train(const RlOptions& options) {
  if (options.print_config) return print_config(options.config);
  if (options.directory.empty()) bad_argument("rl", "expected a run directory: tengen rl DIR");
  const InterruptFlag interrupt;
  const Stopwatch watch;
  const selfplay::PolicyGradientSummary summary = learn(options, interrupt.flag());
  std::cout << fmt::format("{} after {}: {} steps, best evaluation {:.2f} (checkpoint {})\n",
                           summary.finished ? "all steps done" : "stopped on request",
                           format_duration(watch.seconds()), summary.steps, summary.best_return,
                           summary.best);
  if (summary.checkpoints == 0) return 0;
  write_learning_curve(options.directory, options.config);
  std::cout << "learning curve: " << options.directory << "/curve.svg\n";
  return 0;
}

/// An existing run's own options are the defaults; what the user gives then replaces them.
void start_from_run(PolicyGradientConfig& config, const std::string& directory) {
  if (!RunDirectory::exists(directory)) return;
  config = policy_gradient_config_of(RunDirectory::open(directory, RunDirectory::Access::read));
}

int list_environments() {
  TextTable table({"<environment", "<observations", "<actions", "steps", "threshold", "<help"});
  for (const envs::rl::EnvInfo& info : envs::rl::known_envs()) {
    const envs::rl::EnvSpec spec = envs::rl::make_env(info.id).spec();
    table.add({info.id, spec.observation_space.describe(), spec.action_space.describe(),
               std::to_string(spec.max_episode_steps),
               spec.reward_threshold ? fmt::format("{:g}", *spec.reward_threshold) : "",
               info.help});
  }
  std::cout << table.to_string();
  return 0;
}

/// Another algorithm or environment brings its own usual values along.
void add_choice(Command& command, const char* flag, const char* help, std::string& member,
                PolicyGradientConfig& config) {
  command
      .option(
          flag,
          [&member, &config](const std::string& text) {
            if (member == text) return;
            const PolicyGradientConfig before = config;
            member = text;
            config = selfplay::usual_config(config.algo, config.env);
            config.seed = before.seed;
          },
          help)
      .group("run")
      .type("TEXT")
      .shown_default(member);
}

}  // namespace

void add_rl_command(Command& root) {
  Command command = root.add_command(
      "rl", "learn an environment by policy gradients, in a run directory", kFooter);
  const auto options = std::make_shared<RlOptions>();
  add_run_options(command, options->directory, options->print_config,
                  [options] { start_from_run(options->config, options->directory); });
  add_choice(command, "--algo", "ppo, a2c, npg or reinforce; cannot change within a run",
             options->config.algo, options->config);
  add_choice(command, "--env", "environment (tengen rl envs); cannot change within a run",
             options->config.env, options->config);
  std::vector<selfplay::ConfigField> fields = policy_gradient_fields(options->config);
  fields.erase(fields.begin(), fields.begin() + 2);  // declared above
  add_config_fields(command, fields);
  command.action_alone([options] { return train(*options); });
  command.add_command("envs", "list the environments", "Examples:\n  tengen rl envs").action([] {
    return list_environments();
  });
  add_rl_bench(command);
  add_rl_tabular(command);
}

}  // namespace tengen::tools
