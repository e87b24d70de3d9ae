#include "selfplay/net_match.hpp"

#include <array>
#include <mutex>
#include <vector>

#include "engine/base/error.hpp"
#include "mcts/batched_search.hpp"
#include "selfplay/net_evaluator.hpp"
#include "selfplay/opening.hpp"
#include "selfplay/worker_pool.hpp"

namespace tengen::selfplay {

namespace {

using Plans = std::array<std::shared_ptr<const nets::InferencePlan>, 2>;

struct Exchange {
  const std::atomic<bool>* stop = nullptr;
  std::atomic<bool> abort = false;
  std::atomic<int> next_game = 0;

  std::mutex mutex;  // guards what follows
  Tally tally;
  GamesSoFar so_far;  // their plies without those of the openings

  GamesSoFar games_so_far() {
    std::lock_guard lock(mutex);
    return so_far;
  }
  bool stopped() const { return abort || (stop && *stop); }
};

/// One game between the nets, a tree for each. Net 0 is a, net 1 is b.
class NetGame {
 public:
  NetGame(const NetMatchConfig& config, const mcts::SearchConfig& search)
      : config_(config),
        searches_{mcts::Search(config.game, search), mcts::Search(config.game, search)},
        state_(config.game->new_initial_state()) {}

  void start(int index) {
    a_player_ = index % 2;
    rng_ = Rng(config_.seed).split(static_cast<std::uint64_t>(index / 2));
    state_ = config_.game->new_initial_state();
    for (envs::Action action : random_opening(*config_.game, config_.opening_plies, rng_))
      state_->apply(action);
    for (mcts::Search& search : searches_) search.reset(*state_);
    plies_ = 0;
    begin_move();
  }

  int net_to_move() const { return state_->current_player() == a_player_ ? 0 : 1; }
  mcts::Search& search() { return searches_[static_cast<std::size_t>(net_to_move())]; }

  /// Plays the searched move; true if the game is over.
  bool finish_move() {
    const envs::Action action = mcts::select_move(search().result(), 0, rng_);
    state_->apply(action);
    ++plies_;
    if (state_->is_terminal()) return true;
    for (mcts::Search& search : searches_) search.advance(action);
    begin_move();
    return false;
  }
  float result_a() const { return state_->returns(a_player_); }
  std::uint64_t plies() const { return plies_; }

 private:
  void begin_move() { search().begin(rng_, config_.simulations); }

  const NetMatchConfig& config_;
  std::array<mcts::Search, 2> searches_;
  std::unique_ptr<envs::State> state_;
  Rng rng_{0};
  int a_player_ = 0;
  std::uint64_t plies_ = 0;  // behind the opening
};

class Worker {
 public:
  Worker(const NetMatchConfig& config, const Plans& plans, Exchange& exchange)
      : config_(config),
        exchange_(exchange),
        evaluators_{NetEvaluator(plans[0], *config.game), NetEvaluator(plans[1], *config.game)},
        drivers_{mcts::BatchedSearch(evaluators_[0]), mcts::BatchedSearch(evaluators_[1])} {}

  void run() {
    mcts::SearchConfig search = config_.search;
    search.noise_fraction = 0;
    search.gumbel_scale = 0;
    for (int i = 0; i < config_.games_per_thread; ++i) {
      auto game = std::make_unique<NetGame>(config_, search);
      if (!start_next(*game)) break;
      games_.push_back(std::move(game));
    }
    while (!games_.empty() && !exchange_.stopped()) {
      search_one_round();
      play_finished_moves();
    }
  }

 private:
  bool start_next(NetGame& game) {
    const int index = exchange_.next_game++;
    if (index >= config_.games) return false;
    game.start(index);
    return true;
  }

  void search_one_round() {
    for (auto& jobs : jobs_) jobs.clear();
    for (const auto& game : games_)
      jobs_[static_cast<std::size_t>(game->net_to_move())].push_back(
          {&game->search(), config_.simulations});
    for (std::size_t net = 0; net < 2; ++net)
      if (!jobs_[net].empty()) drivers_[net].round(jobs_[net]);
  }

  void play_finished_moves() {
    for (std::size_t i = 0; i < games_.size();) {
      NetGame& game = *games_[i];
      bool keep = true;
      if (game.search().done(config_.simulations)) {
        const bool ended = game.finish_move();
        report_move(game, ended);
        if (ended) keep = start_next(game);
      }
      if (keep)
        ++i;
      else
        games_.erase(games_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  void report_move(const NetGame& game, bool ended) {
    std::lock_guard lock(exchange_.mutex);
    ++exchange_.so_far.plies;
    if (!ended) return;
    exchange_.tally.add(game.result_a());
    ++exchange_.so_far.ended;
    exchange_.so_far.ended_plies += game.plies();
  }

  const NetMatchConfig& config_;
  Exchange& exchange_;
  std::array<NetEvaluator, 2> evaluators_;
  std::array<mcts::BatchedSearch, 2> drivers_;
  std::vector<std::unique_ptr<NetGame>> games_;
  std::array<std::vector<mcts::BatchedSearch::Job>, 2> jobs_;  // reused
};

}  // namespace

Tally play_net_match(const NetMatchConfig& config,
                     const std::shared_ptr<const nets::InferencePlan>& a,
                     const std::shared_ptr<const nets::InferencePlan>& b,
                     const std::function<void(const GamesSoFar&)>& on_progress,
                     const std::atomic<bool>* stop) {
  if (config.games < 1 || config.threads < 1 || config.games_per_thread < 1)
    bad_argument("play_net_match", "expected at least 1 game and 1 thread, got {} and {}",
                 config.games, config.threads);
  const Plans plans{a, b};
  Exchange exchange;
  exchange.stop = stop;
  run_workers(
      config.threads, exchange.abort, [&](int) { Worker(config, plans, exchange).run(); },
      [&] {
        if (on_progress) on_progress(exchange.games_so_far());
      });
  return exchange.tally;
}

}  // namespace tengen::selfplay
