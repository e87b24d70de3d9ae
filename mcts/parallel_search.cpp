#include "mcts/parallel_search.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "mcts/search_impl.hpp"

namespace tengen::mcts {
namespace {

/// As in Search::collect: walks without a leaf to evaluate before the limits are looked at again.
constexpr int kMaxResolvedWalks = 256;
/// Batches of the first thread between two looks at whether the move is decided.
constexpr int kDecidedInterval = 16;

/// What one thread owns.
struct Worker {
  Worker(Search::Impl& search, int thread, std::unique_ptr<Evaluator> evaluator_in)
      : evaluator(std::move(evaluator_in)),
        root(search.game->new_initial_state()),
        walker(search.tree, search.config, thread, &search.gumbel) {}

  std::unique_ptr<Evaluator> evaluator;
  std::unique_ptr<envs::State> root;  // own copy: a State belongs to one thread at a time
  Walker<Sharing::shared> walker;
  std::vector<EvalItem> batch;
  double seconds_per_leaf = 0;  // moving average; kept from run to run
};

/// Visits by which the most visited root action leads the next one.
double lead(const Tree& tree) {
  Node* node = tree.root_node();
  if (node == nullptr) return 0;
  std::uint32_t first = 0, second = 0;
  for (const Edge& edge : tree.edges<Sharing::shared>(*node)) {
    if (load<Sharing::shared>(edge.proof) == Proof::loss) continue;
    second = std::max(second, std::min(first, load<Sharing::shared>(edge.visits)));
    first = std::max(first, load<Sharing::shared>(edge.visits));
  }
  return static_cast<double>(first) - second;
}

}  // namespace

struct ParallelSearch::Impl {
  Impl(std::shared_ptr<const envs::Game> game, const SearchConfig& config,
       const ParallelConfig& parallel_in, const EvaluatorFactory& make_evaluator)
      : parallel(parallel_in), search(game, config) {
    tree().reserve_threads(parallel.threads);
    for (int i = 0; i < parallel.threads; ++i)
      workers.push_back(std::make_unique<Worker>(*search.impl_, i, make_evaluator(i)));
  }

  Tree& tree() { return search.impl_->tree; }
  const Edge& root_edge() { return tree().root(); }

  void start(const SearchLimits& limits_in, Rng& rng);
  void expand_root();
  void work(Worker& worker, bool first);
  void simulate_batch(Worker& worker);
  void gather(Worker& worker, int max_leaves);
  int leaves_in_time(const Worker& worker) const;
  bool finished();
  bool decided();

  const ParallelConfig parallel;
  Search search;
  std::vector<std::unique_ptr<Worker>> workers;

  // Of the present run; constant while threads work:
  Stopwatch watch;
  SearchLimits limits;
  int target = 0;  // root visits at which the run ends
  int visits_at_start = 0;

  std::atomic<bool> stop = false;  // relaxed: a wish, read between batches
  /// Root visits done or under way. A thread adds 1 before a walk and takes it back if it finds
  /// that this passed the target, or after a collision: so the target is met exactly. Relaxed.
  std::atomic<int> started = 0;
  std::mutex failure_mutex;  // guards failure
  std::exception_ptr failure;
};

void ParallelSearch::Impl::start(const SearchLimits& limits_in, Rng& rng) {
  watch.restart();
  limits = limits_in;
  stop = false;
  failure = nullptr;
  visits_at_start = search.simulations();
  target = target_visits(limits, visits_at_start);
  search.begin(rng, target);
  expand_root();
  started = search.simulations();
  for (const auto& worker : workers) worker->root->copy_from(search.root_state());
}

/// Before the threads start, so that they all find root noise in place.
void ParallelSearch::Impl::expand_root() {
  if (tree().root_node() != nullptr) return;
  const Stopwatch leaf_watch;
  search.simulate_batch(*workers[0]->evaluator, 1, target);
  for (const auto& worker : workers) worker->seconds_per_leaf = leaf_watch.seconds();
}

void ParallelSearch::Impl::work(Worker& worker, bool first) try {
  int batches = 0;
  while (!finished()) {
    simulate_batch(worker);
    if (first && ++batches % kDecidedInterval == 0 && decided()) stop = true;
  }
} catch (...) {
  worker.walker.cancel();
  stop = true;
  const std::lock_guard lock(failure_mutex);
  failure = std::current_exception();
}

void ParallelSearch::Impl::simulate_batch(Worker& worker) {
  const Stopwatch batch_watch;
  worker.batch.clear();
  gather(worker, leaves_in_time(worker));
  if (worker.batch.empty()) {
    std::this_thread::yield();  // other threads hold all the leaves that it met
    return;
  }
  worker.evaluator->evaluate(worker.batch);
  worker.walker.absorb(worker.batch);
  const double seconds_per_leaf = batch_watch.seconds() / static_cast<double>(worker.batch.size());
  worker.seconds_per_leaf += (seconds_per_leaf - worker.seconds_per_leaf) / 8;
}

/// The leaves of the next batch: as many as the rest of the time allows at the rate so far.
int ParallelSearch::Impl::leaves_in_time(const Worker& worker) const {
  if (limits.time_seconds <= 0) return parallel.leaves_per_batch;
  const double rest = limits.time_seconds - watch.seconds();
  const double leaves = rest / std::max(worker.seconds_per_leaf, 1e-9);
  return static_cast<int>(std::clamp(leaves, 1.0, static_cast<double>(parallel.leaves_per_batch)));
}

void ParallelSearch::Impl::gather(Worker& worker, int max_leaves) {
  for (int resolved = 0; resolved < kMaxResolvedWalks;) {
    if (worker.walker.waiting() >= max_leaves) return;
    if (started.fetch_add(1, std::memory_order_relaxed) >= target) {
      started.fetch_sub(1, std::memory_order_relaxed);
      return;
    }
    const WalkEnd end = worker.walker.walk(*worker.root, worker.batch);
    if (end == WalkEnd::collision) {
      started.fetch_sub(1, std::memory_order_relaxed);
      return;
    }
    if (end == WalkEnd::resolved) ++resolved;
  }
}

bool ParallelSearch::Impl::finished() {
  return stop.load(std::memory_order_relaxed) ||
         started.load(std::memory_order_relaxed) >= target ||
         load<Sharing::shared>(root_edge().proof) != Proof::unknown ||
         (limits.time_seconds > 0 && watch.seconds() >= limits.time_seconds);
}

/// Nothing that the rest of the limit can bring would change the most visited move. The rest of the
/// time counts as the visits that it allows at the rate so far.
bool ParallelSearch::Impl::decided() {
  if (!parallel.stop_when_decided) return false;
  const Node* node = tree().root_node();
  if (node != nullptr && node->num_actions == 1) return true;
  const double visits = load<Sharing::shared>(root_edge().visits);
  double rest = target - visits;
  if (limits.time_seconds > 0) {
    const double elapsed = watch.seconds();
    const double rate = (visits - visits_at_start) / std::max(elapsed, 1e-6);
    rest = std::min(rest, rate * (limits.time_seconds - elapsed));
  }
  return lead(tree()) > rest;
}

ParallelSearch::ParallelSearch(std::shared_ptr<const envs::Game> game, SearchConfig config,
                               ParallelConfig parallel, const EvaluatorFactory& make_evaluator) {
  if (parallel.threads < 1)
    bad_argument("ParallelSearch", "expected threads >= 1, got {}", parallel.threads);
  if (parallel.leaves_per_batch < 1)
    bad_argument("ParallelSearch", "expected leaves_per_batch >= 1, got {}",
                 parallel.leaves_per_batch);
  impl_ = std::make_unique<Impl>(std::move(game), config, parallel, make_evaluator);
}
ParallelSearch::~ParallelSearch() = default;

void ParallelSearch::reset(const envs::State& root) { impl_->search.reset(root); }
void ParallelSearch::advance(envs::Action action) { impl_->search.advance(action); }
const envs::State& ParallelSearch::root_state() const { return impl_->search.root_state(); }
void ParallelSearch::set_config(const SearchConfig& config) {
  impl_->search.set_config(config);
  for (const auto& worker : impl_->workers) worker->walker.config_changed();
}

SearchResult ParallelSearch::run(const SearchLimits& limits, Rng& rng) {
  check_can_run("ParallelSearch::run", root_state(), limits);
  impl_->start(limits, rng);
  {
    std::vector<std::jthread> threads;  // joined at the end of the block
    for (std::size_t i = 1; i < impl_->workers.size(); ++i)
      threads.emplace_back([this, i] { impl_->work(*impl_->workers[i], false); });
    impl_->work(*impl_->workers[0], true);
  }
  if (impl_->failure) std::rethrow_exception(impl_->failure);
  SearchResult result = this->result();
  result.seconds = impl_->watch.seconds();
  return result;
}

void ParallelSearch::stop() { impl_->stop = true; }

SearchResult ParallelSearch::result() const { return impl_->search.result(); }
std::vector<envs::Action> ParallelSearch::variation(envs::Action action) const {
  return make_variation(impl_->tree(), action);
}
std::size_t ParallelSearch::tree_bytes() const { return impl_->search.tree_bytes(); }

}  // namespace tengen::mcts
