// tengen fit: supervised training in a run directory.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "engine/base/progress.hpp"
#include "engine/base/spec.hpp"
#include "selfplay/fit/fit.hpp"
#include "selfplay/fit/fit_search.hpp"
#include "tools/attention_picture.hpp"
#include "tools/commands.hpp"
#include "tools/config_options.hpp"
#include "tools/fit_report.hpp"
#include "tools/interrupt.hpp"
#include "tools/options.hpp"
#include "tools/output_files.hpp"
#include "tools/shell_word.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

using selfplay::FitConfig;
using selfplay::RunDirectory;

constexpr const char* kFooter =
    "The same command goes on with a run that was stopped or killed; Ctrl-C ends, keeping the "
    "last\n"
    "checkpoint, and behind the last step of an epoch that epoch as well.\n"
    "Examples:\n"
    "  tengen fit runs/digits --task mnist --data mnist/\n"
    "  tengen fit runs/mlp --data mnist/ --net mlp:layers=1,hidden=50 --optimizer sgd "
    "--learning-rate 0.1 --epochs 17\n"
    "  tengen fit runs/cnn --data mnist/ --net cnn --schedule cosine\n"
    "  tengen fit runs/deep --data mnist/ --task "
    "mnist:rotation=10,scale=0.1,shift=1.5,validation=1000 \\\n"
    "    --net deep_cnn --learning-rate 0.002 --schedule cosine --epochs 10\n"
    "  tengen fit runs/resnet --data mnist/ --task "
    "mnist:rotation=10,scale=0.1,shift=1.5,smoothing=0.05 \\\n"
    "    --net resnet:blocks=1,channels=16,stages=3 --optimizer adamw --weight-decay 0.01 "
    "--learning-rate 0.004 \\\n"
    "    --schedule cosine --warmup-steps 500 --weight-average 0.998 --epochs 12\n"
    "  tengen fit runs/digits --epochs 40       go on, with the options of the run\n"
    "  tengen fit runs/add --task binary_addition\n"
    "  tengen fit runs/poet --task char_lm --data poems.txt\n"
    "  tengen fit runs/dates --task dates --net transformer:layers=2,width=64\n"
    "  tengen fit runs/spam --task lines:validation=0.1 --data mails.tsv --net lstm:peephole=true\n"
    "  tengen fit runs/brackets --task brackets --schedule cosine_restarts:period=5 --swa-start 6\n"
    "  tengen fit runs/try --data mnist/ --task mnist:validation=5000 --epochs 3 --search 20 \\\n"
    "    --over learning_rate=log:1e-4..1e-1\n"
    "  tengen fit runs/small --data mnist/ --task mnist:teacher=runs/deep --net "
    "deep_cnn:channels=8,hidden=24\n"
    "  tengen fit runs/sparse --data mnist/ --net deep_cnn --start runs/deep --prune 0.8 "
    "--prune-epochs 5\n"
    "  tengen run evaluate runs/deep --precision int8\n"
    "  tengen run evaluate runs/digits runs/mlp     the runs, and their averaged answers\n"
    "  tengen fit --print-config > fit.toml; tengen fit runs/x --config fit.toml";

struct FitOptions {
  std::string directory;
  bool print_config = false;
  int search = 0;  // trials
  std::string search_method = "guided";
  std::vector<std::string> over;
  FitConfig config;
};

/// Before data are read for a task that the run does not have.
void check_task_of_run(const FitOptions& options) {
  if (options.search > 0 || !RunDirectory::exists(options.directory)) return;
  const auto run = RunDirectory::open(options.directory, RunDirectory::Access::read);
  const std::string stored = selfplay::fit_config_of(run).task, &wanted = options.config.task;
  if (Spec(stored).name() != Spec(wanted).name())
    throw Error(options.directory, fmt::format("this run's task is {}, but {} was asked for; use "
                                               "another run directory",
                                               stored, wanted));
}

/// An existing run's own options are the defaults; what the user gives then replaces them.
void start_from_run(FitConfig& config, const std::string& directory) {
  if (!RunDirectory::exists(directory)) return;
  config = selfplay::fit_config_of(RunDirectory::open(directory, RunDirectory::Access::read));
}

/// A progress line and then a log line for each checkpoint, both on stderr.
class ProgressLines : public selfplay::FitObserver {
 public:
  explicit ProgressLines(const std::atomic<bool>& stop) : stop_(stop) {}

  void on_start(int first_epoch, const FitConfig& config, std::int64_t parameters) override {
    epochs_ = config.epochs;
    spdlog::info("{} with {}, {} parameters, {} at {:g}", config.task, config.net, parameters,
                 config.optimizer, config.learning_rate);
    if (first_epoch > 1 && first_epoch <= epochs_)
      spdlog::info("going on with epoch {}", first_epoch);
  }
  void on_epochs_start(int first, int last, std::int64_t examples) override {
    const std::string range = first == last ? "" : fmt::format("-{}", last);
    progress_ = std::make_unique<Progress>(fmt::format("epoch {}{}/{}", first, range, epochs_),
                                           "examples", static_cast<std::uint64_t>(examples));
  }
  void on_step(std::int64_t examples, double loss) override {
    progress_->update(static_cast<std::uint64_t>(examples), fmt::format("loss {:.4g}", loss));
  }
  void on_evaluation(std::int64_t done, std::int64_t total) override {
    if (done == 0)
      progress_ = std::make_unique<Progress>(
          "held-out", "examples", static_cast<std::uint64_t>(total), Progress::End::erased);
    progress_->update(
        static_cast<std::uint64_t>(done),
        stop_ ? "stops when this epoch is kept; Ctrl-C again: at once, without it" : "");
  }
  void on_epoch(const selfplay::EpochReport& report) override {
    progress_.reset();
    spdlog::info("{}", summary_line(report));
  }
  void on_config_change(const std::string& name, const std::string& before,
                        const std::string& now) override {
    spdlog::info("{} was {}, is now {}", name, before, now);
  }

 private:
  const std::atomic<bool>& stop_;
  int epochs_ = 0;
  std::unique_ptr<Progress> progress_;
};

const char* reason_text(selfplay::FitEnd reason) {
  switch (reason) {
    case selfplay::FitEnd::epochs:
      return "all epochs done";
    case selfplay::FitEnd::patience:
      return "no better epoch for a while";
    case selfplay::FitEnd::time:
      return "time is up";
    case selfplay::FitEnd::requested:
      return "stopped on request";
  }
  return "";
}

/// The options with which a run goes on after its end.
std::string more_of(const selfplay::FitSummary& summary) {
  if (summary.reason == selfplay::FitEnd::epochs)
    return fmt::format(" --epochs {}", 2 * summary.epochs);
  return summary.reason == selfplay::FitEnd::patience ? " --patience 0" : "";
}

/// Learning curves and, where there are any, the filters of the first layer and where the net
/// looked in the examples shown, into the run directory.
void write_pictures(const RunDirectory& run, selfplay::FitModel& model, std::uint64_t seed) {
  const auto write = [&](const char* what, const char* name, const std::string& bytes) {
    const auto path = run.path() / name;
    write_text_file(path, bytes);
    std::cout << fmt::format("{:<9}{}\n", std::string(what) + ":", path.string());
  };
  write("curves", "curves.svg", curves_svg(run.path().string(), "epoch", fit_curves(run)));
  if (const Tensor filters = model.first_layer_filters(); filters.defined())
    write("filters", "filters.png", png_bytes(filters_picture(filters)));
  Rng rng(seed);
  if (const auto maps = model.attention_maps(rng); !maps.empty())
    write("looked", "attention.svg", attention_svg(maps));
}

/// What came of it: scores of the last and the best epoch on the test examples, what the best one
/// takes for what, and pictures.
void show_result(const selfplay::FitTask& task, const RunDirectory& run, std::uint64_t seed) {
  const int last = run.latest_checkpoint().value(), best = run.best_checkpoint().value();
  const auto model = load_fitted(task, run, best);
  if (last != best)
    std::cout << fmt::format("test, epoch {}: {}\n", last,
                             tested(*load_fitted(task, run, last)).text);
  const TestResult result = tested(*model);
  std::cout << fmt::format("test, epoch {}{}: {}\n", best, task.has_validation() ? " (best)" : "",
                           result.text);
  if (result.answers)
    std::cout << "\n"
              << confusion_text(selfplay::ConfusionMatrix(*result.answers), task.class_names())
              << "\n";
  Rng rng(seed);
  std::cout << model->sample(rng);
  write_pictures(run, *model, seed);
}

/// The trials, best first; those that diverged last.
std::string trials_text(std::vector<selfplay::FitTrial> trials) {
  std::ranges::stable_sort(trials, [](const auto& a, const auto& b) {
    return std::isnan(b.quality) ? !std::isnan(a.quality) : a.quality > b.quality;
  });
  std::vector<std::string> header{"quality"};
  if (!trials.empty())
    for (const auto& [name, value] : trials[0].values) header.push_back(name);
  header.emplace_back("<run");
  TextTable table(header);
  for (const selfplay::FitTrial& trial : trials) {
    std::vector<std::string> row{fmt::format("{:.6g}", trial.quality)};
    for (const auto& [name, value] : trial.values) row.push_back(value);
    row.push_back(trial.run.string());
    table.add(row);
  }
  return table.to_string();
}

int search(const FitOptions& options, const selfplay::FitTask& task) {
  selfplay::FitSearchConfig config{
      .trials = options.search, .guided = options.search_method == "guided", .axes = {}};
  if (!config.guided && options.search_method != "random")
    bad_argument("search", "expected guided or random, got \"{}\"", options.search_method);
  for (const std::string& axis : options.over)
    config.axes.push_back(selfplay::parse_search_axis(axis));
  if (config.axes.empty())
    bad_argument("search", "expected something to vary: --over learning_rate=log:1e-4..1e-1");
  std::vector<selfplay::FitTrial> trials;
  {
    const InterruptFlag interrupt;
    ProgressLines lines(interrupt.flag());  // which end before the results
    trials = search_fit(options.config, config, task, options.directory, lines, &interrupt.flag());
  }
  std::cout << trials_text(std::move(trials));
  return 0;
}

/// Only this hears Ctrl-C as a request: before and after it there is nothing to keep.
selfplay::FitSummary learn(const FitOptions& options, const selfplay::FitTask& task) {
  const InterruptFlag interrupt;
  ProgressLines lines(interrupt.flag());  // which end before the results
  return selfplay::fit(options.config, task, options.directory, lines, &interrupt.flag());
}

int fit(FitOptions& options) {
  if (options.print_config) {
    std::cout << config_text("Options of tengen fit; use: tengen fit DIR --config FILE",
                             fit_fields(options.config));
    return 0;
  }
  if (options.directory.empty()) bad_argument("fit", "expected a run directory: tengen fit DIR");
  check_task_of_run(options);
  const Stopwatch watch;
  const auto task = selfplay::make_fit_task(options.config.task, options.config.data);
  if (const std::string about = task->about(); !about.empty()) spdlog::info("{}", about);
  if (options.search > 0) return search(options, *task);
  const selfplay::FitSummary summary = learn(options, *task);
  std::cout << fmt::format("{} after {}: {} epochs{}\n", reason_text(summary.reason),
                           format_duration(watch.seconds()), summary.epochs,
                           task->has_validation() ? fmt::format(", best {}", summary.best) : "");
  if (summary.epochs > 0)
    show_result(*task, RunDirectory::open(options.directory, RunDirectory::Access::read),
                options.config.seed);
  const std::string run = shell_word(options.directory);
  std::cout << "look:    tengen run show " << run << "\n"
            << "go on:   tengen fit " << run << more_of(summary) << "\n";
  return 0;
}

}  // namespace

void add_fit_command(Command& root) {
  Command command = root.add_command("fit", "train a net on labelled examples, in a run directory",
                                     selfplay::fit_tasks_help() + kFooter);
  const auto options = std::make_shared<FitOptions>();
  add_run_options(command, options->directory, options->print_config,
                  [options] { start_from_run(options->config, options->directory); });
  command
      .option("--search", &options->search,
              "so many trials with other values, ranked by validation examples; 0: none")
      .range(0, 100000)
      .group("search")
      .type("N");
  command
      .option("--over", &options->over,
              "what varies, KNOB=LOW..HIGH or KNOB=log:LOW..HIGH; may be repeated")
      .group("search");
  command.option("--search-method", &options->search_method, "guided (by results) or random")
      .group("search");
  add_config_fields(command, fit_fields(options->config));
  command.action([options] { return fit(*options); });
}

}  // namespace tengen::tools
