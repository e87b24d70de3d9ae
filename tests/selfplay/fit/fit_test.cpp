#include "selfplay/fit/fit.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/layers/batch_statistics.hpp"
#include "engine/optim/pruning.hpp"
#include "selfplay/fit/char_lm_task.hpp"
#include "tests/selfplay/fit/tiny_images.hpp"
#include "tests/selfplay/fit/trained.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::selfplay;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

constexpr const char* kSmallResnet = "resnet:blocks=1,channels=4";

FitConfig tiny_config() {
  FitConfig config;
  config.threads = 1;
  return config;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Every file of a run's newest checkpoint, one after another.
std::string newest_checkpoint(const fs::path& directory) {
  const RunDirectory run = RunDirectory::open(directory, RunDirectory::Access::read);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(run.checkpoint_path(*run.latest_checkpoint())))
    files.push_back(entry.path());
  std::ranges::sort(files);
  std::string all;
  for (const fs::path& file : files) all += file.filename().string() + bytes_of(file);
  return all;
}

/// Of the newest checkpoint, on the test examples.
double kept_loss(const FitTask& task, const fs::path& directory) {
  const RunDirectory run = RunDirectory::open(directory, RunDirectory::Access::read);
  return load_fitted(task, run, *run.latest_checkpoint())->evaluate(Part::test).loss;
}

/// Asks for the end in the middle of an epoch.
struct StopWithin : FitObserver {
  explicit StopWithin(int epoch) : epoch_(epoch) {}
  void on_epochs_start(int first, int, std::int64_t) override { present_ = first; }
  void on_step(std::int64_t, double) override { stop = stop || present_ == epoch_; }
  std::atomic<bool> stop = false;
  int epoch_, present_ = 0;
};

/// Runs with one interruption within epoch 3 and compares with a run without.
void check_resume_is_exact(const FitTask& task, const FitConfig& config) {
  const test::TempDir dir;
  FitObserver quiet;
  fit(config, task, dir / "whole", quiet);
  StopWithin observer(3);
  CHECK(fit(config, task, dir / "parts", observer, &observer.stop).reason == FitEnd::requested);
  CHECK(fit(config, task, dir / "parts", quiet).reason == FitEnd::epochs);
  CHECK(newest_checkpoint(dir / "parts") == newest_checkpoint(dir / "whole"));
}

}  // namespace

TEST_CASE("An epoch that is trained when the stop is asked for is evaluated and kept",
          "[selfplay][fit]") {
  struct StopBehindSecondEpoch : FitObserver {
    explicit StopBehindSecondEpoch(std::int64_t size) : size_(size) {}
    void on_epochs_start(int first, int, std::int64_t) override { epoch_ = first; }
    void on_step(std::int64_t done, double) override { stop = epoch_ == 2 && done == size_; }
    void on_epoch(const EpochReport& report) override { kept.push_back(report.epoch); }
    std::atomic<bool> stop = false;
    std::vector<int> kept;
    const std::int64_t size_;
    int epoch_ = 0;
  };
  const test::TempDir dir;
  const ImageTask task = test::tiny_image_task();
  StopBehindSecondEpoch observer(task.size());
  const FitSummary summary = fit(tiny_config(), task, dir / "run", observer, &observer.stop);
  CHECK(summary.reason == FitEnd::requested);
  CHECK(observer.kept == std::vector{1, 2});
  const RunDirectory run = RunDirectory::open(dir / "run", RunDirectory::Access::read);
  CHECK(run.metrics("accuracy").size() == 2);
}

TEST_CASE("An evaluation tells how far it is", "[selfplay][fit]") {
  struct Listener : FitObserver {
    void on_evaluation(std::int64_t done, std::int64_t total) override {
      told.emplace_back(done, total);
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> told;
  };
  const test::TempDir dir;
  const ImageTask task = test::tiny_image_task();
  const std::int64_t all = task.images(Part::validation).size();
  Listener observer;
  fit({.epochs = 1, .threads = 1}, task, dir / "run", observer);
  // In one batch.
  CHECK(observer.told == std::vector<std::pair<std::int64_t, std::int64_t>>{{0, all}, {all, all}});
}

TEST_CASE("A net learns a task and the run directory says so", "[selfplay][fit]") {
  const test::TempDir dir;
  const ImageTask task = test::tiny_image_task();
  FitObserver quiet;
  const FitSummary summary = fit(tiny_config(), task, dir / "run", quiet);
  CHECK(summary.epochs == 4);
  CHECK(summary.reason == FitEnd::epochs);
  const RunDirectory run = RunDirectory::open(dir / "run", RunDirectory::Access::read);
  CHECK(run.latest_checkpoint() == 4);
  CHECK(run.metrics("accuracy").size() == 4);
  CHECK(run.metrics("loss").front().value > run.metrics("loss").back().value);
  CHECK(load_fitted(task, run, summary.best)->evaluate(Part::test).quality > 0.9);
  CHECK(run.checkpoints().back().train_steps == 4 * 10);
}

TEST_CASE("A run that was stopped within an epoch ends with the same bytes as one that was not",
          "[selfplay][fit]") {
  FitConfig config = tiny_config();
  SECTION("with a moving average and momentum") {
    config.optimizer = "momentum";
    config.learning_rate = 0.05;
    config.weight_average = 0.9;
    check_resume_is_exact(test::tiny_image_task(), config);
  }
  SECTION("with an equal average and batch norms") {
    config.swa_start = 2;
    config.net = kSmallResnet;
    check_resume_is_exact(test::tiny_image_task({.distortion = {.shift = 1}}), config);
  }
  SECTION("with an equal average that has not begun") {
    config.swa_start = 4;
    check_resume_is_exact(test::tiny_image_task(), config);
  }
  SECTION("with augmentation and two threads") {
    config.threads = 2;
    config.batch = 64;
    check_resume_is_exact(
        test::tiny_image_task({.distortion = {.rotation = 5, .shift = 1}, .smoothing = 0.1}),
        config);
  }
  SECTION("with a recurrent net on sequences") {
    config.epochs = 4;
    check_resume_is_exact(*make_fit_task("binary_addition:bits=5,train=40,test=20", ""), config);
  }
  SECTION("with a language model whose state and dropout go from batch to batch") {
    config.epochs = 4;
    config.batch = 4;
    config.net = "gru:units=6,dropout=0.2";
    std::string text;
    for (int i = 0; i < 100; ++i) text += "to be or not to be ";
    check_resume_is_exact(CharLmTask({.steps = 10}, text), config);
  }
}

TEST_CASE("From its first epoch on the mean of the weights at the ends of epochs counts",
          "[selfplay][fit][swa]") {
  const kernels::ScopedThreads one(1);
  const ImageTask task = test::tiny_image_task();
  FitConfig config = tiny_config();
  config.net = kSmallResnet;
  const auto first_weights = [&](int epochs) {
    return test::trained(task, config, epochs)->model().net().parameters()[0].variable.value();
  };
  const Tensor one_epoch = first_weights(1), two = first_weights(2), three = first_weights(3);
  config.swa_start = 2;
  CHECK(test::relative_difference(first_weights(1), one_epoch) == 0);
  const Tensor average = first_weights(3);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(average.values<float>()[i] ==
          Approx((two.values<float>()[i] + three.values<float>()[i]) / 2).margin(1e-6));
}

TEST_CASE("An average of weights has the statistics of its own batches", "[selfplay][fit][swa]") {
  const kernels::ScopedThreads one(1);
  const ImageTask task = test::tiny_image_task();
  FitConfig config = tiny_config();
  config.net = kSmallResnet;
  config.swa_start = 2;
  const auto trainer = test::trained(task, config, 3);
  FitModel& model = trainer->model();
  Module& net = model.net();
  const Tensor mean = net.buffers()[0].tensor.clone();
  // The first norm's means are those of the images, whichever batches of 20 they come in.
  const Epoch other = task.epoch(20, 7, 7);
  Rng rng(1);
  recompute_statistics(net, other.batches(),
                       [&](std::int64_t batch) { model.loss(other.indices(batch), rng); });
  CHECK(test::relative_difference(mean, net.buffers()[0].tensor) < 1e-5);
}

TEST_CASE("There is one average of the weights and it begins within the run",
          "[selfplay][fit][swa][config]") {
  const ImageTask task = test::tiny_image_task();
  FitConfig config = tiny_config();
  config.swa_start = 5;
  CHECK_THROWS_WITH(resolved(config, task), Contains("expected one of the 4 epochs, got 5"));
  config.swa_start = 2;
  config.weight_average = 0.9;
  CHECK_THROWS_WITH(resolved(config, task), Contains("one average"));
}

TEST_CASE("The newest and the best checkpoint are kept", "[selfplay][fit]") {
  const test::TempDir dir;
  FitConfig config = tiny_config();
  config.learning_rate = 0.3;  // Adam at this rate does not improve steadily
  config.epochs = 6;
  FitObserver quiet;
  const FitSummary summary = fit(config, test::tiny_image_task(), dir / "run", quiet);
  const RunDirectory run = RunDirectory::open(dir / "run", RunDirectory::Access::read);
  std::vector<int> kept;
  for (const CheckpointRow& row : run.checkpoints()) kept.push_back(row.number);
  CHECK(std::ranges::count(kept, summary.best) == 1);
  CHECK(kept.back() == 6);
  CHECK(kept.size() <= 2);
  for (const int number : kept) CHECK(fs::exists(run.net_path(number)));
  CHECK(std::distance(fs::directory_iterator(dir / "run" / "checkpoints"), {}) ==
        static_cast<std::ptrdiff_t>(kept.size()));
}

TEST_CASE("Training ends when nothing has improved for a while", "[selfplay][fit][D13]") {
  const test::TempDir dir;
  FitConfig config = tiny_config();
  config.optimizer = "sgd";
  config.learning_rate = 1e-30;  // nothing ever changes
  config.epochs = 50;
  config.patience = 3;
  FitObserver quiet;
  CHECK_THROWS_WITH(fit(config, test::tiny_image_task(), dir / "run", quiet),
                    Contains("validation"));
  const ImageTask task = test::tiny_image_task({.validation = 40});
  const FitSummary summary = fit(config, task, dir / "run", quiet);
  CHECK(summary.reason == FitEnd::patience);
  CHECK(summary.best == 1);
  CHECK(summary.epochs == 4);
}

TEST_CASE("Test examples choose no epoch and a net that is not yet pruned is not the best",
          "[selfplay][fit]") {
  const test::TempDir dir;
  FitConfig config = tiny_config();
  config.optimizer = "sgd";
  config.learning_rate = 1e-30;  // no epoch is better than another, but for what pruning takes
  config.epochs = 3;
  FitObserver quiet;
  CHECK(fit(config, test::tiny_image_task(), dir / "all", quiet).best == 3);
  const ImageTask task = test::tiny_image_task({.validation = 40});
  CHECK(fit(config, task, dir / "validation", quiet).best == 1);
  config.prune = 0.5;
  config.prune_epochs = 2;
  CHECK(fit(config, task, dir / "pruned", quiet).best == 2);
}

TEST_CASE("A loss that is not finite stops training and names step batch and layer",
          "[selfplay][fit]") {
  const test::TempDir dir;
  FitConfig config = tiny_config();
  config.epochs = 2;
  FitObserver quiet;
  const ImageTask task = test::tiny_image_task();
  fit(config, task, dir / "run", quiet);
  config.optimizer = "sgd";
  config.learning_rate = 999;
  config.weight_decay = 1;  // the weights grow about a thousandfold each step
  config.epochs = 100;
  CHECK_THROWS_WITH(fit(config, task, dir / "run", quiet),
                    Contains("diverged at step ") && Contains("batch ") && Contains("examples") &&
                        Contains("first not finite in layer ") && Contains("learning_rate"));
  CHECK(std::isfinite(kept_loss(task, dir / "run")));
}

TEST_CASE("A net that diverges in the last step of an epoch becomes no checkpoint",
          "[selfplay][fit]") {
  const test::TempDir dir;
  FitConfig config = tiny_config();
  config.batch = 200;  // a step an epoch, so that its update is judged before another loss is
  config.optimizer = "sgd";
  config.learning_rate = 999;
  config.weight_decay = 1;
  config.epochs = 30;
  FitObserver quiet;
  const ImageTask task = test::tiny_image_task({.validation = GENERATE(0, 40)});
  CHECK_THROWS_WITH(fit(config, task, dir / "run", quiet),
                    Contains("diverged") && Contains("the checkpoint of epoch ") &&
                        Contains("with a lower learning_rate"));
  CHECK(std::isfinite(kept_loss(task, dir / "run")));
}

TEST_CASE("Training that diverges before its first checkpoint points to none", "[selfplay][fit]") {
  const test::TempDir dir;
  FitConfig config = tiny_config();
  config.optimizer = "sgd";
  config.learning_rate = 999;
  config.weight_decay = 1;
  FitObserver quiet;
  config.checkpoint_every = 9;
  config.epochs = 9;
  CHECK_THROWS_WITH(fit(config, test::tiny_image_task(), dir / "run", quiet),
                    Contains("diverged at step ") && Contains("no checkpoint yet: begin again"));
}

TEST_CASE("A run keeps to its task and net", "[selfplay][fit]") {
  const test::TempDir dir;
  FitConfig config = tiny_config();
  config.epochs = 1;
  FitObserver quiet;
  fit(config, test::tiny_image_task(), dir / "run", quiet);
  config.net = "mlp:layers=2";
  CHECK_THROWS_WITH(fit(config, test::tiny_image_task(), dir / "run", quiet),
                    Contains("net is mlp:layers=1,hidden=8"));
  config.net = "";
  CHECK_THROWS_WITH(fit(config, test::tiny_image_task({.smoothing = 0.1}), dir / "run", quiet),
                    Contains("task is"));
}

TEST_CASE("A pruned net has the zeros it should and still knows its task", "[selfplay][fit][D21]") {
  const test::TempDir dir;
  FitConfig config = tiny_config();
  config.epochs = 6;
  config.prune = 0.75;
  config.prune_epochs = 4;
  const ImageTask task = test::tiny_image_task();
  FitObserver quiet;
  fit(config, task, dir / "run", quiet);
  const RunDirectory run = RunDirectory::open(dir / "run", RunDirectory::Access::read);
  const auto model = load_fitted(task, run, 6);
  CHECK(MagnitudePruning(model->net().parameters()).sparsity() == Approx(0.75).margin(0.01));
  CHECK(model->evaluate(Part::test).quality > 0.9);
  CHECK(run.metrics("sparsity").front().value < 0.75);
  CHECK(run.metrics("sparsity").back().value == Approx(0.75).margin(0.01));
  config.weight_average = 0.9;
  check_resume_is_exact(task, config);
}

TEST_CASE("A run can start from the weights of another", "[selfplay][fit]") {
  const test::TempDir dir;
  FitConfig config = tiny_config();
  const ImageTask task = test::tiny_image_task();
  FitObserver quiet;
  fit(config, task, dir / "first", quiet);
  config.start = (dir / "first").string();
  config.learning_rate = 1e-30;
  config.epochs = 1;
  fit(config, task, dir / "second", quiet);
  const auto loss = [&](const char* name) {
    const RunDirectory run = RunDirectory::open(dir / name, RunDirectory::Access::read);
    return load_fitted(task, run, *run.best_checkpoint())->evaluate(Part::test).loss;
  };
  CHECK(loss("second") == Approx(loss("first")));
}

TEST_CASE("A student that equals its teacher has no soft loss", "[selfplay][fit][D20]") {
  const test::TempDir dir;
  FitObserver quiet;
  const ImageTask alone = test::tiny_image_task();
  fit(tiny_config(), alone, dir / "teacher", quiet);
  const RunDirectory run = RunDirectory::open(dir / "teacher", RunDirectory::Access::read);
  const std::vector<std::uint32_t> examples{1, 5, 9};
  const auto loss_of = [&](const FitTask& task) {
    Rng rng(1);
    return load_fitted(task, run, *run.best_checkpoint())->loss(examples, rng).value().item();
  };
  ImageTaskOptions options;
  options.teacher = (dir / "teacher").string();
  options.soft = 1;
  CHECK(loss_of(test::tiny_image_task(options)) == Approx(0).margin(1e-3));
  options.soft = 0.25;
  CHECK(loss_of(test::tiny_image_task(options)) == Approx(0.75 * loss_of(alone)).margin(1e-3));
  options.teacher = (dir / "nobody").string();
  CHECK_THROWS_AS(fit(tiny_config(), test::tiny_image_task(options), dir / "student", quiet),
                  Error);
  CHECK_FALSE(fs::exists(dir / "student"));
}

TEST_CASE("A student is measured without its teacher and goes on with a moved one",
          "[selfplay][fit][D20]") {
  const test::TempDir dir;
  FitObserver quiet;
  FitConfig config = tiny_config();
  config.epochs = 1;
  fit(config, test::tiny_image_task(), dir / "teacher", quiet);
  ImageTaskOptions options;
  options.teacher = (dir / "teacher").string();
  fit(config, test::tiny_image_task(options), dir / "student", quiet);
  fs::rename(dir / "teacher", dir / "moved");
  {
    const ImageTask task = test::tiny_image_task(options);
    const RunDirectory run = RunDirectory::open(dir / "student", RunDirectory::Access::read);
    CHECK(std::isfinite(load_fitted(task, run, 1)->evaluate(Part::test).loss));
    config.epochs = 2;
    CHECK_THROWS_WITH(fit(config, task, dir / "student", quiet), Contains("teacher"));
  }
  options.teacher = (dir / "moved").string();
  CHECK(fit(config, test::tiny_image_task(options), dir / "student", quiet).epochs == 2);
}

TEST_CASE("A student learns from its teacher alone", "[selfplay][fit][D20]") {
  const test::TempDir dir;
  FitObserver quiet;
  fit(tiny_config(), test::tiny_image_task(), dir / "teacher", quiet);
  ImageTaskOptions options;
  options.teacher = (dir / "teacher").string();
  options.soft = 1;  // no labels
  const ImageTask task = test::tiny_image_task(options);
  FitConfig config = tiny_config();
  config.net = "mlp:layers=1,hidden=3";
  fit(config, task, dir / "student", quiet);
  const RunDirectory run = RunDirectory::open(dir / "student", RunDirectory::Access::read);
  CHECK(load_fitted(task, run, *run.best_checkpoint())->evaluate(Part::test).quality > 0.9);
}

TEST_CASE("The learning rate follows the schedule of the options", "[selfplay][fit][config]") {
  const ImageTask task = test::tiny_image_task();  // 10 steps an epoch
  FitConfig config = tiny_config();
  config.learning_rate = 0.1;
  const auto rate = [&](const char* schedule, std::int64_t step) {
    config.schedule = schedule;
    return FitTrainer(task, resolved(config, task), 1).learning_rate_at(step);
  };
  CHECK(rate("cosine", 20) == Approx(0.05));
  CHECK(rate("cosine_restarts:period=2", 10) == Approx(0.05));
  CHECK(rate("exponential:rate=0.25", 5) == Approx(0.05));
  config.decay_epochs = 1;
  CHECK(rate("step", 10) == Approx(0.01));
  config.warmup_steps = 4;
  CHECK(rate("linear", 1) == Approx(0.1 * 39 / 40 * 0.5));
  CHECK_THROWS_WITH(rate("sawtooth", 0), Contains("cosine_restarts") && Contains("sawtooth"));
}

TEST_CASE("How many threads there are changes nothing but rounding", "[selfplay][fit][D18]") {
  const ImageTask task =
      test::tiny_image_task({.distortion = {.rotation = 10, .scale = 0.1, .shift = 1}});
  FitConfig config;
  config.batch = 64;
  config.optimizer = "sgd";  // Adam can make much of a rounding
  const auto weights = [&](int threads) {
    FitTrainer trainer(task, resolved(config, task), threads);
    for (const int epoch : {1, 2})
      trainer.train_epoch(
          epoch, [](std::int64_t, double) {}, nullptr);
    std::vector<float> all;
    for (const NamedParameter& p : trainer.model().net().parameters())
      for (const float w : std::as_const(p.variable).value().values<float>()) all.push_back(w);
    return all;
  };
  const std::vector<float> alone = weights(1), together = weights(3);
  for (std::size_t i = 0; i < alone.size(); ++i)
    CHECK(together[i] == Approx(alone[i]).margin(1e-5));
}

TEST_CASE("What is left open is the task's choice", "[selfplay][fit][config]") {
  const ImageTask task = test::tiny_image_task();
  FitConfig config;
  FitConfig made = resolved(config, task);
  CHECK(made.net == "mlp:layers=1,hidden=8");
  CHECK(made.optimizer == "adam");
  CHECK(made.learning_rate == 0.02);
  CHECK(made.batch == 20);
  CHECK(made.epochs == 4);
  config.optimizer = "sgd";  // not the task's: its own usual rate
  CHECK(resolved(config, task).learning_rate == 0.1);
  CHECK(fit_config_from_map(to_map(made)).task == task.spec());
  config.data = "here/digits";
  config.start = "there";
  CHECK(resolved(config, task).data == (fs::current_path() / "here/digits").string());
  CHECK(resolved(config, task).start == (fs::current_path() / "there").string());
  config.optimizer = "newton";
  CHECK_THROWS_WITH(resolved(config, task), Contains("optimizer") && Contains("nesterov"));
  config = {};
  config.prune = 0.5;
  config.prune_epochs = 5;  // of 4: the sparsity would never be reached
  CHECK_THROWS_WITH(resolved(config, task), Contains("prune_epochs") && Contains("at most the 4"));
  config = {};
  config.momentum = 2;
  CHECK_THROWS_WITH(resolved(config, task), Contains("momentum"));
}
