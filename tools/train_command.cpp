// tengen train: AlphaZero in a run directory.
#include <atomic>
#include <iostream>
#include <memory>
#include <string>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "selfplay/alpha_zero.hpp"
#include "selfplay/progress_observer.hpp"
#include "tools/commands.hpp"
#include "tools/config_options.hpp"
#include "tools/interrupt.hpp"
#include "tools/options.hpp"
#include "tools/shell_word.hpp"

namespace tengen::tools {
namespace {

using selfplay::AlphaZeroConfig;

constexpr const char* kFooter =
    "The same command goes on with a run that was stopped or killed; Ctrl-C saves and ends.\n"
    "Examples:\n"
    "  tengen train runs/c4 --game connect_four --minutes 10\n"
    "  tengen train runs/go7 --game go:size=7 --net resnet:blocks=5,channels=64\n"
    "  tengen train runs/c4                     go on, with the options of the run\n"
    "  tengen train --print-config > c4.toml; tengen train runs/c4 --config c4.toml";

struct TrainOptions {
  std::string directory;
  bool print_config = false;
  AlphaZeroConfig config;
};

/// An existing run's own options are the defaults; what the user gives then replaces them.
void start_from_run(AlphaZeroConfig& config, const std::string& directory) {
  using selfplay::RunDirectory;
  if (!RunDirectory::exists(directory)) return;
  config =
      selfplay::alpha_zero_config_of(RunDirectory::open(directory, RunDirectory::Access::read));
}

int print_config(AlphaZeroConfig& config) {
  selfplay::validate(config);
  std::cout << config_text("Options of tengen train; use: tengen train DIR --config FILE",
                           config_fields(config));
  return 0;
}

const char* reason_text(selfplay::StopReason reason) {
  switch (reason) {
    case selfplay::StopReason::iterations:
      return "all iterations done";
    case selfplay::StopReason::time:
      return "time is up";
    case selfplay::StopReason::requested:
      return "stopped on request";
  }
  return "";
}

selfplay::TrainingSummary learn(const TrainOptions& options, const std::atomic<bool>& stop) {
  selfplay::ProgressObserver observer;  // whose line ends before the summary
  return selfplay::train(options.config, options.directory, observer, &stop);
}

int train(TrainOptions& options) {
  if (options.print_config) return print_config(options.config);
  if (options.directory.empty())
    bad_argument("train", "expected a run directory: tengen train DIR");
  const InterruptFlag interrupt;
  const Stopwatch watch;
  const selfplay::TrainingSummary summary = learn(options, interrupt.flag());
  const std::string run = shell_word(options.directory);
  std::cout << fmt::format("{} after {}: {} iterations, checkpoint {}\n",
                           reason_text(summary.reason), format_duration(watch.seconds()),
                           summary.iterations, summary.checkpoint)
            << "look:  tengen run show " << run << "\n"
            << "play:  tengen gtp --net " << run << "\n"
            << "go on: tengen train " << run << "\n";
  return 0;
}

}  // namespace

void add_train_command(Command& root) {
  Command command =
      root.add_command("train", "learn a game by self-play, in a run directory", kFooter);
  const auto options = std::make_shared<TrainOptions>();
  add_run_options(command, options->directory, options->print_config,
                  [options] { start_from_run(options->config, options->directory); });
  add_config_fields(command, config_fields(options->config));
  command.action([options] { return train(*options); });
}

}  // namespace tengen::tools
