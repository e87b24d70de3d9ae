#include "selfplay/self_play.hpp"

#include <mutex>
#include <utility>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "mcts/batched_search.hpp"
#include "mcts/evaluators.hpp"
#include "selfplay/net_evaluator.hpp"
#include "selfplay/self_play_game.hpp"
#include "selfplay/worker_pool.hpp"

namespace tengen::selfplay {

namespace {

constexpr std::uint64_t kSymmetryStream = ~std::uint64_t{0};  // no game has this number

/// What the workers and the calling thread share.
struct Exchange {
  const std::atomic<bool>* stop = nullptr;
  std::atomic<bool> abort = false;
  std::atomic<std::size_t> next_game = 0;  // position in SelfPlayJob::indices
  std::atomic<std::uint64_t> plies = 0, evaluations = 0, net_evaluations = 0;
  std::atomic<double> net_seconds = 0, worker_seconds = 0;

  std::mutex mutex;                  // guards `finished`
  std::vector<GameRecord> finished;  // in the order of their ends

  std::vector<GameRecord> take_finished() {
    std::lock_guard lock(mutex);
    return std::exchange(finished, {});
  }
  bool stopped() const { return abort || (stop && *stop); }
};

/// Owns the games of one thread and plays them to their ends.
class Worker {
 public:
  Worker(const SelfPlayConfig& config, const SelfPlayJob& job, Exchange& exchange)
      : config_(config),
        job_(job),
        exchange_(exchange),
        evaluator_(make_evaluator()),
        driver_(*evaluator_) {}

  void run() {
    while (static_cast<int>(games_.size()) < config_.games_per_thread) {
      auto game = std::make_unique<SelfPlayGame>(config_, job_.game);
      if (!start_next(*game)) break;
      games_.push_back(std::move(game));
    }
    while (!games_.empty() && !exchange_.stopped()) {
      const Stopwatch watch;
      search_one_round();
      play_finished_moves();
      report_time(watch.seconds());
    }
  }

 private:
  std::unique_ptr<mcts::Evaluator> make_evaluator() {
    std::optional<Rng> symmetry_rng;
    if (config_.random_symmetry)
      symmetry_rng =
          Rng(job_.seed).split(kSymmetryStream).split(static_cast<std::uint64_t>(job_.iteration));
    auto net = std::make_unique<NetEvaluator>(job_.plan, *job_.game, symmetry_rng);
    net_ = net.get();
    if (config_.cache_mb == 0) return net;
    return std::make_unique<mcts::CachingEvaluator>(std::move(net), std::size_t(config_.cache_mb)
                                                                        << 20);
  }

  bool start_next(SelfPlayGame& game) {
    const std::size_t next = exchange_.next_game++;
    if (next >= job_.indices.size()) return false;
    const std::uint64_t index = job_.indices[next];
    game.start(index, job_.iteration, Rng(job_.seed).split(index));
    return true;
  }

  void search_one_round() {
    jobs_.clear();
    for (const auto& game : games_) jobs_.push_back({&game->search(), game->simulations()});
    exchange_.evaluations += static_cast<std::uint64_t>(driver_.round(jobs_));
  }

  void report_time(double round_seconds) {
    const NetEvaluator::NetUse& use = net_->net_use();
    exchange_.worker_seconds += round_seconds;
    exchange_.net_seconds += use.seconds - reported_.seconds;
    exchange_.net_evaluations += use.evaluations - reported_.evaluations;
    reported_ = use;
  }

  void play_finished_moves() {
    for (std::size_t i = 0; i < games_.size();) {
      SelfPlayGame& game = *games_[i];
      bool keep = true;
      if (game.search().done(game.simulations())) {
        ++exchange_.plies;
        if (game.finish_move()) {
          hand_over(game.take_record());
          keep = start_next(game);
        }
      }
      if (keep)
        ++i;
      else
        games_.erase(games_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  void hand_over(GameRecord record) {
    std::lock_guard lock(exchange_.mutex);
    exchange_.finished.push_back(std::move(record));
  }

  const SelfPlayConfig& config_;
  const SelfPlayJob& job_;
  Exchange& exchange_;
  NetEvaluator* net_ = nullptr;  // inside evaluator_
  NetEvaluator::NetUse reported_;
  std::unique_ptr<mcts::Evaluator> evaluator_;
  mcts::BatchedSearch driver_;
  std::vector<std::unique_ptr<SelfPlayGame>> games_;
  std::vector<mcts::BatchedSearch::Job> jobs_;  // reused
};

}  // namespace

SelfPlayStats play_games(const SelfPlayConfig& config, const SelfPlayJob& job,
                         const SelfPlayCallbacks& callbacks, const std::atomic<bool>* stop) {
  if (job.threads < 1)
    bad_argument("play_games", "expected at least 1 thread, got {}", job.threads);
  const Stopwatch watch;
  Exchange exchange;
  exchange.stop = stop;
  const auto stats = [&] {
    return SelfPlayStats{.plies = exchange.plies,
                         .evaluations = exchange.evaluations,
                         .seconds = watch.seconds(),
                         .net_evaluations = exchange.net_evaluations,
                         .net_seconds = exchange.net_seconds,
                         .worker_seconds = exchange.worker_seconds};
  };
  const auto serve = [&] {
    std::vector<GameRecord> finished = exchange.take_finished();
    if (!finished.empty() && callbacks.on_games) callbacks.on_games(std::move(finished));
    if (callbacks.on_progress) callbacks.on_progress(stats());
  };
  run_workers(
      job.threads, exchange.abort, [&](int) { Worker(config, job, exchange).run(); }, serve);
  return stats();
}

}  // namespace tengen::selfplay
