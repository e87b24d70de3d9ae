#include "tools/bench/train_bench.hpp"

#include <limits>
#include <memory>
#include <numeric>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "engine/base/threads.hpp"
#include "envs/registry.hpp"
#include "selfplay/batch_loader.hpp"
#include "selfplay/self_play.hpp"
#include "selfplay/trainer.hpp"
#include "tools/bench/convolution_ceiling.hpp"
#include "tools/bench/fixtures.hpp"

namespace tengen::tools {
namespace {

using selfplay::ReplayWindow;

/// Games with policies and values as training sees them, from a net so small that it costs nothing.
ReplayWindow some_positions(const std::shared_ptr<const envs::Game>& game, int threads) {
  std::vector<std::uint64_t> indices(16);
  std::iota(indices.begin(), indices.end(), std::uint64_t{0});
  selfplay::SelfPlayConfig config;
  config.simulations = 8;
  config.games_per_thread = 8;
  selfplay::SelfPlayJob job;
  job.game = game;
  job.plan =
      std::make_shared<const nets::InferencePlan>(net_for("mlp:layers=1,hidden=8", *game)->graph(),
                                                  nets::Precision::fp32, config.games_per_thread);
  job.indices = indices;
  job.threads = threads;
  ReplayWindow window(game, 1'000'000);
  selfplay::SelfPlayCallbacks callbacks;
  callbacks.on_games = [&](std::vector<selfplay::GameRecord>&& games) {
    for (const selfplay::GameRecord& record : games) window.add(record);
  };
  selfplay::play_games(config, job, callbacks);
  return window;
}

/// Steps, with the time that they wait for their batches.
class Training {
 public:
  Training(const TrainBenchConfig& config, const std::shared_ptr<const envs::Game>& game,
           int threads)
      : config_(config),
        window_(some_positions(game, threads)),
        net_(net_for(config.net, *game)),
        trainer_(*net_, trainer_config(config), threads),
        loader_(std::numeric_limits<int>::max(), [this](selfplay::TrainingBatch& batch) {
          window_.sample(config_.batch, config_.augment, 0.5, rng_, batch);
        }) {}

  const nets::PolicyValueNet& net() const { return *net_; }
  /// What config.precision comes to on this CPU.
  nets::Precision precision() const {
    return trainer_.activations() == DType::bf16 ? nets::Precision::bf16 : nets::Precision::fp32;
  }

  /// Samples per second over about `seconds`.
  double run(double seconds) {
    const Stopwatch watch;
    double samples = 0;
    do {
      const Stopwatch wait;
      const selfplay::TrainingBatch& batch = loader_.next();
      waiting_seconds_ += wait.seconds();
      trainer_.step(batch);
      samples += config_.batch;
    } while (watch.seconds() < seconds);
    all_seconds_ += watch.seconds();
    return samples / watch.seconds();
  }

  double waiting_percent() const { return 100 * waiting_seconds_ / all_seconds_; }

 private:
  static selfplay::TrainerConfig trainer_config(const TrainBenchConfig& config) {
    selfplay::TrainerConfig trainer;
    trainer.precision = config.precision;
    return trainer;
  }

  const TrainBenchConfig& config_;
  const ReplayWindow window_;
  const std::unique_ptr<nets::PolicyValueNet> net_;
  selfplay::Trainer trainer_;
  Rng rng_{1};  // of the loader's thread
  double waiting_seconds_ = 0, all_seconds_ = 0;
  selfplay::BatchLoader loader_;  // the last: it uses the others
};

}  // namespace

BenchReport bench_train(const TrainBenchConfig& config) {
  const auto game = envs::make_game(config.game);
  const int threads = threads_or_default(config.threads);
  Training training(config, game, threads);
  Progress progress("bench train", "rows", 1);
  const int share = std::max(1, config.batch / threads);
  const nets::Precision precision = training.precision();
  const Measurement m = measure([&](double seconds) { return training.run(seconds); },
                                convolution_ceiling(training.net().graph(), precision,
                                                    ConvolutionPass::training, share, threads),
                                config.plan);
  BenchReport report{"train",
                     "training steps, drawing and augmenting the batch included",
                     "samples_per_second",
                     {}};
  report.rows.push_back({{{"game", config.game},
                          {"net", config.net},
                          {"precision", nets::to_string(precision)},
                          {"threads", threads},
                          {"batch", config.batch}},
                         m,
                         {{"waiting_for_data_percent", training.waiting_percent()}}});
  progress.advance();
  return report;
}

}  // namespace tengen::tools
