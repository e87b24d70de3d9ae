#include "mcts/search.hpp"

#include <algorithm>
#include <limits>

#include "engine/base/check.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "mcts/search_impl.hpp"

namespace tengen::mcts {
namespace {

/// One collect() makes at most this many walks that end in terminal or proven positions, so that
/// its caller gets to look at the clock even if the tree has no other leaves.
constexpr int kMaxResolvedWalks = 256;

void check_config(const char* where, const envs::Game& game, const SearchConfig& config) {
  if (game.num_actions() > 65535)
    bad_argument(where, "expected a game with at most 65535 actions, got {}", game.num_actions());
  if (config.virtual_visits < 0)
    bad_argument(where, "expected virtual_visits >= 0, got {}", config.virtual_visits);
  if (!(config.noise_fraction >= 0 && config.noise_fraction <= 1))
    bad_argument(where, "expected noise_fraction in [0, 1], got {}", config.noise_fraction);
  if (config.gumbel_actions < 1)
    bad_argument(where, "expected gumbel_actions >= 1, got {}", config.gumbel_actions);
  if (!(config.policy_temperature > 0 && config.root_policy_temperature > 0))
    bad_argument(where, "expected policy temperatures > 0, got {} and {}",
                 config.policy_temperature, config.root_policy_temperature);
  if (config.graph && config.selection != Selection::puct)
    bad_argument(where, "expected selection puct for a search on a graph, got gumbel");
  if (!(config.c_puct_base > 0))
    bad_argument(where, "expected c_puct_base > 0, got {}", config.c_puct_base);
}

}  // namespace

void check_can_run(const char* where, const envs::State& root, const SearchLimits& limits) {
  if (limits.simulations <= 0 && limits.time_seconds <= 0)
    bad_argument(where, "expected a limit of simulations or time, got none");
  if (root.is_terminal())
    bad_argument(where, "expected a position to play on, got a finished game");
}

int target_visits(const SearchLimits& limits, int visits) {
  const int most = std::numeric_limits<int>::max();
  return std::max(limits.simulations > 0 ? limits.simulations : most, visits + 1);
}

Search::Search(std::shared_ptr<const envs::Game> game, SearchConfig config) {
  check_config("Search", *game, config);
  impl_ = std::make_unique<Impl>(std::move(game), config);
}
Search::~Search() = default;
Search::Search(Search&&) noexcept = default;
Search& Search::operator=(Search&&) noexcept = default;

const SearchConfig& Search::config() const { return impl_->config; }

void Search::set_config(const SearchConfig& config) {
  CHECK_INVARIANT(impl_->walker.waiting() == 0);
  check_config("Search::set_config", *impl_->game, config);
  if (config.graph != impl_->config.graph)
    bad_argument("Search::set_config", "expected graph to stay {}", impl_->config.graph);
  impl_->config = config;
  impl_->walker.config_changed();
  if (!impl_->tree.set_max_bytes(config.max_tree_bytes)) impl_->new_root();
}

void Search::reset(const envs::State& root) {
  impl_->walker.cancel();
  impl_->root->copy_from(root);
  impl_->tree.clear();
  impl_->new_root();
}

void Search::advance(envs::Action action) {
  CHECK_INVARIANT(impl_->walker.waiting() == 0);
  if (!impl_->root->is_legal(action))
    bad_argument("Search::advance", "expected a legal action, got {}", action);
  impl_->root->apply(action);
  if (impl_->config.selection == Selection::gumbel)
    impl_->tree.clear();  // gumbel.hpp says why
  else
    impl_->tree.advance(action);
  impl_->new_root();
}

const envs::State& Search::root_state() const { return *impl_->root; }

void Search::begin(Rng& rng, int simulations) {
  impl_->priors.begin(impl_->tree, impl_->config, rng);
  impl_->gumbel.begin(impl_->tree, impl_->config, rng, simulations);
}

int Search::collect(int max_leaves, int simulations, std::vector<EvalItem>& batch) {
  Walker<Sharing::single>& walker = impl_->walker;
  CHECK_INVARIANT(walker.waiting() == 0);
  if (impl_->root->is_terminal()) return 0;
  if (impl_->tree.wants_recycling()) impl_->tree.recycle();
  int resolved = 0;
  while (walker.waiting() < max_leaves && resolved < kMaxResolvedWalks &&
         impl_->visits() + walker.waiting() < simulations && !impl_->proven()) {
    const WalkEnd end = walker.walk(*impl_->root, batch);
    if (end == WalkEnd::collision) break;
    if (end == WalkEnd::resolved) ++resolved;
  }
  return walker.waiting();
}

void Search::absorb(std::span<const EvalItem> items) {
  impl_->walker.absorb(items);
  impl_->priors.apply(impl_->tree, impl_->config);
  impl_->gumbel.apply(impl_->tree, impl_->config);
}

bool Search::done(int simulations) const {
  if (impl_->root->is_terminal() || impl_->proven()) return true;
  const Node* node = impl_->tree.root_node();
  return impl_->visits() >= simulations || (node != nullptr && node->num_actions == 1);
}

SearchResult Search::run(Evaluator& evaluator, const SearchLimits& limits, Rng& rng,
                         int leaves_per_batch) {
  const Stopwatch watch;
  check_can_run("Search::run", *impl_->root, limits);
  const int target = target_visits(limits, simulations());
  average_root(evaluator);
  begin(rng, target);
  do {
    simulate_batch(evaluator, std::max(1, leaves_per_batch), target);
  } while (simulations() < target && !impl_->proven() &&
           (limits.time_seconds <= 0 || watch.seconds() < limits.time_seconds));
  SearchResult result = this->result();
  result.seconds = watch.seconds();
  return result;
}

void Search::simulate_batch(Evaluator& evaluator, int max_leaves, int simulations) {
  std::vector<EvalItem>& batch = impl_->batch;
  batch.clear();
  if (collect(max_leaves, simulations, batch) == 0) return;
  try {
    evaluator.evaluate(batch);
  } catch (...) {
    impl_->walker.cancel();
    throw;
  }
  absorb(batch);
}

void Search::average_root(Evaluator& evaluator) {
  if (!impl_->config.average_root || impl_->root_averaged) return;
  impl_->root_averaged = true;
  if (impl_->tree.root_node() == nullptr) return;  // the walk to the root will ask for the mean
  std::vector<envs::Action> actions;
  impl_->root->legal_actions(actions);
  std::vector<float> priors(actions.size());
  EvalItem item{impl_->root.get(), actions, priors, 0, true};
  evaluator.evaluate({&item, 1});
  if (impl_->config.policy_temperature != 1) temper(priors, impl_->config.policy_temperature);
  impl_->priors.forget();
  RootPriors::replace(impl_->tree, priors);
}

int Search::simulations() const { return impl_->visits(); }
std::size_t Search::tree_bytes() const { return impl_->tree.bytes(); }
SearchResult Search::result() const { return make_result(*impl_); }

}  // namespace tengen::mcts
