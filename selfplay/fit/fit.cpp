#include "selfplay/fit/fit.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/threads.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/optim/early_stopping.hpp"
#include "nets/checkpoint.hpp"

namespace tengen::selfplay {

namespace fs = std::filesystem;

namespace {

constexpr const char* kBest = "best_checkpoint";
constexpr const char* kBestQuality = "best_quality";
constexpr const char* kBestLoss = "best_loss";

double parse_double(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// A net file, or that of a run's best checkpoint.
fs::path best_net_of(const fs::path& path) {
  if (!fs::is_directory(path)) return path;
  const RunDirectory run = RunDirectory::open(path, RunDirectory::Access::read);
  const auto best = run.best_checkpoint();
  if (!best) throw Error(path.string(), "expected a run with a checkpoint, it has none yet");
  return run.net_path(*best);
}

FitConfig checked(FitConfig config, const FitTask& task) {
  if (config.patience > 0 && !task.has_validation())
    bad_argument("patience", "expected a task with validation examples, {} has none", config.task);
  return config;
}

class FitRun {
 public:
  FitRun(const FitConfig& config, const FitTask& task, const fs::path& directory,
         FitObserver& observer, const std::atomic<bool>* stop)
      : config_(checked(resolved(config, task), task)),
        task_(task),
        observer_(observer),
        stop_(stop),
        threads_(threads_or_default(config.threads)),
        trainer_(task, config_, threads_),
        run_(open_run(directory)),
        stopping_(config_.patience) {}

  FitSummary execute() {
    restore();
    observer_.on_start(epoch_ + 1, config_, trainer_.model().net().num_parameters());
    FitSummary summary;
    summary.reason = FitEnd::epochs;
    while (epoch_ < config_.epochs) {
      if (stopping_.is_enough(epoch_)) summary.reason = FitEnd::patience;
      if (time_is_up()) summary.reason = FitEnd::time;
      if (summary.reason != FitEnd::epochs) break;
      try {
        train_to_checkpoint();
      } catch (const TrainingDiverged& diverged) {
        throw TrainingDiverged(fmt::format("{}; {}", diverged.what(), advice()));
      }
      if (stopped() && epoch_ < config_.epochs) {
        summary.reason = FitEnd::requested;
        break;
      }
    }
    summary.epochs = epoch_;
    summary.best = stopping_.best_round();
    return summary;
  }

 private:
  bool stopped() const { return stop_ && *stop_; }
  /// Judged by the last epochs of this call; at least some are done.
  bool time_is_up() const {
    return config_.minutes > 0 && last_seconds_ > 0 &&
           watch_.seconds() + last_seconds_ > config_.minutes * 60;
  }

  /// For people whose training diverged.
  std::string advice() const {
    const std::string how = fmt::format("with a lower learning_rate (now {:g})",
                                        trainer_.learning_rate_at(trainer_.steps()));
    if (epoch_ == 0) return "there is no checkpoint yet: begin again " + how;
    return fmt::format("the checkpoint of epoch {} is kept: go on from it {}", epoch_, how);
  }

  void load_start() {
    if (!config_.start.empty()) trainer_.start_from(best_net_of(config_.start));
  }

  RunDirectory open_run(const fs::path& directory) {
    const auto wanted = to_map(config_);
    if (!RunDirectory::exists(directory)) {
      load_start();  // one that does not fit makes no run
      return RunDirectory::create(directory, wanted);
    }
    RunDirectory run = RunDirectory::open(directory, RunDirectory::Access::write);
    auto stored = to_map(fit_config_of(run));
    const auto expect = [&](bool same, const char* key) {
      if (!same)
        throw Error(directory.string(), fmt::format("this run's {} is {}, but {} was asked for; "
                                                    "use another run directory",
                                                    key, stored[key], wanted.at(key)));
    };
    expect(task_.continues(stored["task"]), "task");
    expect(stored["net"] == config_.net, "net");
    for (const auto& [key, value] : wanted)
      if (stored[key] != value) observer_.on_config_change(key, stored[key], value);
    run.set_config(wanted);
    return run;
  }

  void restore() {
    const auto latest = run_.latest_checkpoint();
    if (!latest) {
      load_start();
      return;
    }
    epoch_ = *latest;
    stopping_.keep(run_.best_checkpoint().value_or(epoch_),
                   {.quality = parse_double(run_.state(kBestQuality).value_or("0")),
                    .loss = parse_double(run_.state(kBestLoss).value_or("0"))});
    trainer_.load(run_.checkpoint_path(epoch_));
  }

  /// The epochs up to the next checkpoint; none of them if it was stopped within one.
  void train_to_checkpoint() {
    const Stopwatch watch;
    EpochReport report;
    const int first = epoch_ + 1;
    const int last = std::min(epoch_ + config_.checkpoint_every, config_.epochs);
    const std::int64_t examples = task_.size() * (last - first + 1);
    observer_.on_epochs_start(first, last, examples);
    for (int epoch = first; epoch <= last; ++epoch) {
      const std::int64_t before = task_.size() * (epoch - first);
      const auto on_step = [&](std::int64_t done, double loss) {
        observer_.on_step(before + done, loss);
      };
      const auto losses = trainer_.train_epoch(epoch, on_step, stop_);
      if (!losses) return;
      report.training = *losses;
    }
    report.epoch = last;
    report.epochs = config_.epochs;
    report.train_seconds = watch.seconds();
    report.examples_per_second = static_cast<double>(examples) / report.train_seconds;
    evaluate(report);
    finish(report);
    last_seconds_ = watch.seconds();
  }

  FitScores held_out_scores() {
    const kernels::ScopedThreads all_threads(threads_);
    FitModel& model = trainer_.model();
    model.watch_evaluation(
        [this](std::int64_t done, std::int64_t total) { observer_.on_evaluation(done, total); });
    return model.evaluate(Part::validation);
  }

  void evaluate(EpochReport& report) {
    const Stopwatch watch;
    report.held_out = held_out_scores();
    if (!std::isfinite(report.held_out.loss))
      throw TrainingDiverged(
          fmt::format("training diverged: after epoch {} the held-out loss is {}", report.epoch,
                      report.held_out.loss));
    if (config_.prune > 0) report.held_out.metrics.emplace_back("sparsity", trainer_.sparsity());
    report.evaluation_seconds = watch.seconds();
    report.best = task_.has_validation() && stopping_.is_better(score_of(report));
    report.kept = newest_counts() || report.best;
    report.remaining_seconds = (report.train_seconds + report.evaluation_seconds) /
                               (report.epoch - epoch_) * (config_.epochs - report.epoch);
  }

  /// Nothing may choose among epochs, or the best one so far has more weights than it may keep.
  bool newest_counts() const {
    return !task_.has_validation() ||
           (config_.prune > 0 && stopping_.best_round() < config_.prune_epochs);
  }

  static ValidationScore score_of(const EpochReport& report) {
    return {.quality = report.held_out.quality, .loss = report.held_out.loss};
  }

  void finish(const EpochReport& report) {
    IterationRecord record;
    const int previous = epoch_, previous_best = stopping_.best_round();
    epoch_ = report.epoch;
    if (report.kept) stopping_.keep(epoch_, score_of(report));
    record.iteration = epoch_;
    record.train_steps = trainer_.steps();
    record.metrics = metrics_of(report);
    record.state = {{kBest, std::to_string(stopping_.best_round())},
                    {kBestQuality, fmt::format("{}", stopping_.best().quality)},
                    {kBestLoss, fmt::format("{}", stopping_.best().loss)}};
    for (const int number : {previous, previous_best})
      if (number > 0 && number != stopping_.best_round() &&
          !std::ranges::count(record.superseded, number))
        record.superseded.push_back(number);
    run_.add_iteration(record, [&](const fs::path& directory) {
      trainer_.save(directory, {{"task", config_.task},
                                {"net", config_.net},
                                {"epoch", std::to_string(epoch_)},
                                {"train_steps", std::to_string(trainer_.steps())}});
    });
    observer_.on_epoch(report);
  }

  static std::vector<std::pair<std::string, double>> metrics_of(const EpochReport& report) {
    std::vector<std::pair<std::string, double>> metrics{
        {"loss", report.training.loss},
        {"held_out_loss", report.held_out.loss},
        {"gradient_norm", report.training.gradient_norm},
        {"learning_rate", report.training.learning_rate},
        {"examples_per_second", report.examples_per_second}};
    for (const auto& [name, value] : report.held_out.metrics) metrics.emplace_back(name, value);
    return metrics;
  }

  const FitConfig config_;
  const FitTask& task_;
  FitObserver& observer_;
  const std::atomic<bool>* stop_;
  const int threads_;
  FitTrainer trainer_;
  RunDirectory run_;
  int epoch_ = 0;  // the last whole one
  EarlyStopping stopping_;
  Stopwatch watch_;
  double last_seconds_ = 0;  // from one checkpoint to the next in this call; 0: none yet
};

}  // namespace

std::string summary_line(const EpochReport& report) {
  std::string line = fmt::format("epoch {}/{}  loss {:.4g}  held-out {:.4g}", report.epoch,
                                 report.epochs, report.training.loss, report.held_out.loss);
  for (const auto& [name, value] : report.held_out.metrics)
    line += fmt::format("  {} {:.4g}", name, value);
  line += fmt::format("{}  {:.0f} examples/s", report.best ? " (best)" : "",
                      report.examples_per_second);
  if (report.epoch < report.epochs) line += "  ETA " + format_duration(report.remaining_seconds);
  return line;
}

FitSummary fit(const FitConfig& config, const FitTask& task, const fs::path& directory,
               FitObserver& observer, const std::atomic<bool>* stop) {
  return FitRun(config, task, directory, observer, stop).execute();
}

std::unique_ptr<FitModel> load_fitted(const FitTask& task, const RunDirectory& run,
                                      int checkpoint) {
  Rng overwritten(0);
  auto model = task.make_model(fit_config_of(run).net, overwritten);
  nets::load_module(run.net_path(checkpoint).string(), model->net());
  model->net().eval();
  return model;
}

}  // namespace tengen::selfplay
