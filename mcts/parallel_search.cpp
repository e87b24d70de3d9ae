#include "mcts/parallel_search.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "mcts/search_impl.hpp"
#include "mcts/team_evaluator.hpp"

namespace tengen::mcts {
namespace {

/// As in Search::collect: walks without a leaf to evaluate before the limits are looked at again.
constexpr int kMaxResolvedWalks = 256;
/// Batches of the first thread between two looks at whether the move is decided.
constexpr int kDecidedInterval = 16;

/// What one thread owns that walks the tree beside others.
struct Worker {
  Worker(Search::Impl& search, int thread, std::unique_ptr<Evaluator> evaluator_in)
      : evaluator(std::move(evaluator_in)),
        root(search.game->new_initial_state()),
        walker(search.tree, search.config, thread, &search.gumbel) {}

  std::unique_ptr<Evaluator> evaluator;
  std::unique_ptr<envs::State> root;  // own copy: a State belongs to one thread at a time
  Walker<Sharing::shared> walker;
  std::vector<EvalItem> batch;
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
    if (in_rounds()) {
      team = std::make_unique<TeamEvaluator>(parallel.threads, make_evaluator);
      return;
    }
    tree().reserve_threads(parallel.threads);
    for (int i = 0; i < parallel.threads; ++i)
      workers.push_back(std::make_unique<Worker>(*search.impl_, i, make_evaluator(i)));
  }

  Tree& tree() { return search.impl_->tree; }
  const Edge& root_edge() { return tree().root(); }

  bool in_rounds() const { return parallel.deterministic || parallel.threads == 1; }
  Evaluator& first_evaluator() { return in_rounds() ? *team : *workers[0]->evaluator; }

  void start(const SearchLimits& limits_in, Rng& rng, const std::atomic<bool>* stop_in,
             const Reports* reports_in);
  void run_in_rounds();
  void run_freely();
  void work(Worker& worker, bool first);
  void simulate_batch(Worker& worker);
  void gather(Worker& worker, int max_leaves);
  int leaves_in_time(int most) const;
  void leaf_took(double seconds);
  bool finished();
  bool goes_on();
  bool decided();
  bool report_due() const;
  void report();
  bool phase_over();
  void begin_phase();
  SearchResult result_so_far() const;

  const ParallelConfig parallel;
  Search search;
  std::unique_ptr<Evaluator> team;               // in rounds
  std::vector<std::unique_ptr<Worker>> workers;  // else

  // Of the present run; constant while threads work:
  Stopwatch watch;
  SearchLimits limits;
  int target = 0;  // root visits at which the run ends
  int visits_at_start = 0;

  bool phases_by_time = false;  // of a Gumbel search (gumbel.hpp)
  int phase_target = 0;         // root visits at which the present phase ends, time permitting

  const std::atomic<bool>* stop = nullptr;
  const Reports* reports = nullptr;
  double next_report = 0;  // when a report is due, in seconds

  std::atomic<bool> over = false;  // relaxed: a wish, read between batches
  /// Of one thread; moving average, kept from run to run. Relaxed: any thread's last word will do.
  std::atomic<double> seconds_per_leaf = 0;
  /// Root visits done or under way. A thread adds 1 before a walk and takes it back if it finds
  /// that this passed the target, or after a collision: so the target is met exactly. Relaxed.
  std::atomic<int> started = 0;
  std::mutex failure_mutex;  // guards failure
  std::exception_ptr failure;
};

/// Expands the root, so that threads find root noise in place; what runs freely makes its first
/// simulation here.
void ParallelSearch::Impl::start(const SearchLimits& limits_in, Rng& rng,
                                 const std::atomic<bool>* stop_in, const Reports* reports_in) {
  watch.restart();
  limits = limits_in;
  stop = stop_in;
  reports = reports_in;
  next_report = reports != nullptr ? reports->interval_seconds : 0;
  over = false;
  failure = nullptr;
  visits_at_start = search.simulations();
  target = target_visits(limits, visits_at_start);
  search.average_root(first_evaluator());
  search.begin(rng, target);
  phase_target = target;
  if (tree().root_node() == nullptr || !in_rounds()) {
    const Stopwatch leaf_watch;
    search.simulate_batch(first_evaluator(), 1, target);
    if (visits_at_start == 0) seconds_per_leaf = leaf_watch.seconds();
  }
  phases_by_time = limits.time_seconds > 0 && tree().root_node() != nullptr &&
                   search.config().selection == Selection::gumbel;
  if (phases_by_time) begin_phase();
}

/// On one thread, but for the evaluations.
void ParallelSearch::Impl::run_in_rounds() {
  const int most_leaves = parallel.threads * parallel.leaves_per_batch;
  int batches = 0;
  bool one_more = search.simulations() == visits_at_start;  // at least one simulation
  for (; one_more || (!finished() && search.simulations() < target); one_more = false) {
    if (report_due()) report();
    if (phase_over()) begin_phase();
    const Stopwatch batch_watch;
    const int leaves = finished() ? 1 : leaves_in_time(most_leaves);
    search.simulate_batch(*team, leaves, phase_target);
    leaf_took(batch_watch.seconds() / leaves);
    if (++batches % kDecidedInterval == 0 && decided()) return;
  }
}

void ParallelSearch::Impl::run_freely() {
  started = search.simulations();
  for (const auto& worker : workers) worker->root->copy_from(search.root_state());
  while (goes_on()) {
    if (tree().wants_recycling()) tree().recycle();  // while no thread is in the tree
    if (report_due()) report();
    if (phase_over()) begin_phase();
    std::vector<std::jthread> threads;  // joined at the end of the block
    for (std::size_t i = 1; i < workers.size(); ++i)
      threads.emplace_back([this, i] { work(*workers[i], false); });
    work(*workers[0], true);
  }
  if (failure) std::rethrow_exception(failure);
}

void ParallelSearch::Impl::work(Worker& worker, bool first) try {
  int batches = 0;
  do {  // a batch at least: recycling takes several steps, and the search goes on in between
    simulate_batch(worker);
    if (first && ++batches % kDecidedInterval == 0 && decided()) over = true;
  } while (goes_on() && !report_due() && !phase_over() && !tree().wants_recycling());
} catch (...) {
  worker.walker.cancel();
  over = true;
  const std::lock_guard lock(failure_mutex);
  failure = std::current_exception();
}

void ParallelSearch::Impl::simulate_batch(Worker& worker) {
  const Stopwatch batch_watch;
  worker.batch.clear();
  gather(worker, leaves_in_time(parallel.leaves_per_batch));
  if (worker.batch.empty()) {
    std::this_thread::yield();  // other threads hold all the leaves that it met
    return;
  }
  worker.evaluator->evaluate(worker.batch);
  worker.walker.absorb(worker.batch);
  leaf_took(batch_watch.seconds() / static_cast<double>(worker.batch.size()));
}

/// The leaves of the next batch: as many as the rest of the time allows at the rate so far.
int ParallelSearch::Impl::leaves_in_time(int most) const {
  if (limits.time_seconds <= 0) return most;
  const double rest = limits.time_seconds - watch.seconds();
  const double leaves = rest / std::max(seconds_per_leaf.load(std::memory_order_relaxed), 1e-9);
  return static_cast<int>(std::clamp(leaves, 1.0, static_cast<double>(most)));
}

void ParallelSearch::Impl::leaf_took(double seconds) {
  const double known = seconds_per_leaf.load(std::memory_order_relaxed);
  seconds_per_leaf.store(known + (seconds - known) / 8, std::memory_order_relaxed);
}

void ParallelSearch::Impl::gather(Worker& worker, int max_leaves) {
  for (int resolved = 0; resolved < kMaxResolvedWalks;) {
    if (worker.walker.waiting() >= max_leaves) return;
    if (started.fetch_add(1, std::memory_order_relaxed) >= phase_target) {
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
  return over.load(std::memory_order_relaxed) ||
         (stop != nullptr && stop->load(std::memory_order_relaxed)) ||
         load<Sharing::shared>(root_edge().proof) != Proof::unknown ||
         (limits.until_full && tree().full()) ||
         (limits.time_seconds > 0 && watch.seconds() >= limits.time_seconds);
}

/// Of what runs freely.
bool ParallelSearch::Impl::goes_on() {
  return !finished() && started.load(std::memory_order_relaxed) < target;
}

bool ParallelSearch::Impl::report_due() const {
  return reports != nullptr && watch.seconds() >= next_report;
}

/// While no thread is in the tree.
void ParallelSearch::Impl::report() {
  reports->report(result_so_far());
  next_report = watch.seconds() + reports->interval_seconds;
}

bool ParallelSearch::Impl::phase_over() {
  if (!phases_by_time) return false;
  const auto& end = search.impl_->gumbel.phase_end();
  const int visits = static_cast<int>(load<Sharing::shared>(root_edge().visits));
  return visits >= end.visits &&
         (visits >= phase_target || watch.seconds() >= end.fraction * limits.time_seconds);
}

/// While no thread is in the tree.
void ParallelSearch::Impl::begin_phase() {
  GumbelRoot& gumbel = search.impl_->gumbel;
  gumbel.next_phase(tree(), search.config());
  const double share =
      std::min(gumbel.phase_end().fraction, 1.0) * (double(target) - visits_at_start);
  const double end =
      std::max(std::ceil(visits_at_start + share), double(gumbel.phase_end().visits));
  phase_target = static_cast<int>(std::min(end, double(target)));
}

SearchResult ParallelSearch::Impl::result_so_far() const {
  SearchResult result = search.result();
  result.seconds = watch.seconds();
  return result;
}

/// Nothing that the rest of the limit can bring would change the most visited move. The rest of the
/// time counts as the visits that it allows at the rate so far.
bool ParallelSearch::Impl::decided() {
  if (!parallel.stop_when_decided) return false;
  const Node* node = tree().root_node();
  if (node != nullptr && node->num_actions == 1) return true;
  if (phases_by_time) return false;  // its choice is not by visits
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
  if (config.graph && parallel.threads > 1 && !parallel.deterministic)
    bad_argument("ParallelSearch", "expected one thread or deterministic for a search on a graph");
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

SearchResult ParallelSearch::run(const SearchLimits& limits, Rng& rng,
                                 const std::atomic<bool>* stop, const Reports* reports) {
  check_can_run("ParallelSearch::run", root_state(), limits);
  impl_->start(limits, rng, stop, reports);
  impl_->in_rounds() ? impl_->run_in_rounds() : impl_->run_freely();
  return impl_->result_so_far();
}

SearchResult ParallelSearch::result() const { return impl_->search.result(); }
std::vector<envs::Action> ParallelSearch::variation(envs::Action action) const {
  return make_variation(impl_->tree(), action);
}
std::vector<int> ParallelSearch::variation_visits(envs::Action action) const {
  return make_variation_visits(impl_->tree(), action);
}
bool ParallelSearch::full() const { return impl_->tree().full(); }
std::size_t ParallelSearch::tree_bytes() const { return impl_->search.tree_bytes(); }

}  // namespace tengen::mcts
