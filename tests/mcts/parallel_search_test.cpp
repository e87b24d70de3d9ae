#include "mcts/parallel_search.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "mcts/walker.hpp"
#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;
using namespace tengen::test;

namespace {

std::unique_ptr<Evaluator> make_hash_evaluator(int) { return std::make_unique<HashEvaluator>(); }

class ThrowingEvaluator : public Evaluator {
 public:
  void evaluate(std::span<EvalItem>) override { throw std::runtime_error("no evaluation"); }
};

/// Takes 5 ms or more for a leaf and remembers its largest batch.
class SlowEvaluator : public HashEvaluator {
 public:
  explicit SlowEvaluator(int& largest) : largest_(largest) {}
  void evaluate(std::span<EvalItem> items) override {
    largest_ = std::max(largest_, static_cast<int>(items.size()));
    std::this_thread::sleep_for(std::chrono::milliseconds(5) * items.size());
    HashEvaluator::evaluate(items);
  }

 private:
  int& largest_;
};

ParallelSearch make_search(std::shared_ptr<const envs::Game> game, ParallelConfig parallel,
                           SearchConfig config = {}) {
  return ParallelSearch(std::move(game), config, parallel, make_hash_evaluator);
}

ParallelSearch make_search(const std::string& spec, ParallelConfig parallel,
                           SearchConfig config = {}) {
  return make_search(envs::make_game(spec), parallel, config);
}

constexpr ParallelConfig kExact{.threads = 1, .leaves_per_batch = 1, .stop_when_decided = false};

/// No virtual visit is left, no leaf is claimed, visits add up along every edge, and what selection
/// reads is up to date.
void check_subtree(const Tree& tree, const Edge& edge) {
  REQUIRE(edge.pending == 0);
  REQUIRE(edge.child != kExpanding);
  if (!Tree::is_node(edge.child)) return;
  std::uint32_t below = 0;
  const EdgeRange children = tree.edges<Sharing::single>(tree.node(edge.child));
  for (auto at = children.begin(); at != children.end(); ++at) {
    const Edge& child = *at;
    check_subtree(tree, child);
    below += child.visits;
    REQUIRE(at.ref().q() == EdgeStats::of<Sharing::single>(child).q());
    REQUIRE(at.ref().explore() == exploration_share(child.prior, static_cast<float>(child.visits)));
  }
  // Proven edges are also visited without going below.
  if (edge.proof == Proof::unknown) REQUIRE(edge.visits == 1 + below);
}

}  // namespace

TEST_CASE("Parallel search with one thread equals the sequential search", "[mcts][parallel]") {
  const std::string spec = GENERATE("tic_tac_toe", "connect_four", "go:size=5");
  const SearchConfig config{.noise_fraction = GENERATE(0.0f, 0.25f)};
  ParallelSearch search = make_search(spec, kExact, config);
  Rng rng(8);
  CHECK(same_search(search.run({.simulations = 2000}, rng), run_hashed(spec, {}, 2000, config, 8)));
}

TEST_CASE("Parallel search goes on as the sequential search does after a move",
          "[mcts][parallel]") {
  const auto game = envs::make_game("connect_four");
  ParallelSearch parallel = make_search("connect_four", kExact);
  Search sequential(game, {});
  HashEvaluator evaluator;
  Rng a(8), b(8);
  for (int move = 0; move < 4; ++move) {
    const SearchResult expected = sequential.run(evaluator, {.simulations = 600}, b);
    REQUIRE(same_search(parallel.run({.simulations = 600}, a), expected));
    parallel.advance(expected.principal_variation.at(0));
    sequential.advance(expected.principal_variation.at(0));
  }
}

TEST_CASE("With four threads visits add up and the limit is met exactly", "[mcts][parallel]") {
  const std::string spec = GENERATE("connect_four", "go:size=5", "go:size=9");
  const int leaves = GENERATE(1, 8);
  ParallelSearch search =
      make_search(spec, {.threads = 4, .leaves_per_batch = leaves, .stop_when_decided = false});
  Rng rng(8);
  for (int move = 0; move < 3; ++move) {
    const SearchResult result = search.run({.simulations = 5000}, rng);
    CHECK(result.simulations == 5000);
    CHECK(sum_of_visits(result) == 4999);
    search.advance(result.principal_variation.at(0));
  }
}

TEST_CASE("Threads that share a tree leave it whole", "[mcts][parallel]") {
  const auto game = envs::make_game(GENERATE("connect_four:width=4,height=4", "go:size=5"));
  const SearchConfig config{.use_solver = GENERATE(true, false)};
  Tree tree(64 << 20);
  tree.reserve_threads(4);
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      Walker<Sharing::shared> walker(tree, config, thread);
      HashEvaluator evaluator;
      const auto root = game->new_initial_state();
      std::vector<EvalItem> batch;
      for (int i = 0; i < 1000; ++i) {
        batch.clear();
        for (int leaf = 0; leaf < 4; ++leaf)
          if (walker.walk(*root, batch) == WalkEnd::collision) break;
        evaluator.evaluate(batch);
        walker.absorb(batch);
      }
    });
  threads.clear();  // joins
  check_subtree(tree, tree.root());
  CHECK(tree.root().visits > 1000);
}

TEST_CASE("Four threads prove what is provable", "[mcts][parallel]") {
  const auto game = envs::make_game("tic_tac_toe");
  ParallelSearch search =
      make_search(game, {.threads = 4, .leaves_per_batch = 2, .stop_when_decided = false});
  Rng rng(8);
  search.reset(*play(*game, {4, 0, 8, 2, 1}));
  CHECK(search.run({.simulations = 1000000}, rng).proof == Proof::draw);
  search.reset(*play(*game, {0, 3, 1, 4}));
  const SearchResult result = search.run({.simulations = 1000000}, rng);
  CHECK(result.proof == Proof::win);
  CHECK(select_move(result, 0, rng) == 2);
}

TEST_CASE("Four threads keep to the memory bound", "[mcts][parallel]") {
  const std::size_t bound = GENERATE(0u, 4000u, 1u << 20);
  ParallelSearch search =
      make_search("go:size=9", {.threads = 4, .leaves_per_batch = 4, .stop_when_decided = false},
                  {.max_tree_bytes = bound});
  Rng rng(8);
  CHECK(search.run({.simulations = 3000}, rng).simulations == 3000);
  CHECK(search.tree_bytes() <= bound);
  ParallelSearch unbound = make_search("go:size=9", {.stop_when_decided = false});
  unbound.run({.simulations = 3000}, rng);
  CHECK(unbound.tree_bytes() > bound);
}

TEST_CASE("A search at its memory bound makes room and finds the same", "[mcts][parallel]") {
  const int threads = GENERATE(1, 2);
  const std::size_t bound = static_cast<std::size_t>(threads) << 21;
  const ParallelConfig parallel{
      .threads = threads, .deterministic = GENERATE(false, true), .stop_when_decided = false};
  const SearchConfig config{.max_tree_bytes = bound, .use_solver = false};
  ParallelSearch search = make_search("tic_tac_toe", parallel, config);
  Rng rng(8);
  int times_recycled = 0;
  std::size_t bytes = 0;
  for (int simulations = 2000; simulations <= 200000; simulations += 2000) {
    search.run({.simulations = simulations}, rng);
    times_recycled += search.tree_bytes() < bytes;
    bytes = search.tree_bytes();
    REQUIRE(bytes <= bound / 2);
  }
  CHECK(times_recycled >= 1);
  const SearchResult result = search.result();
  CHECK(result.simulations == 200000);
  CHECK(sum_of_visits(result) == 199999);
  CHECK(std::abs(result.value) < 0.1f);  // a draw
}

TEST_CASE("Batches are no larger than the time allows", "[mcts][parallel]") {
  int largest = 0;
  const auto factory = [&largest](int) { return std::make_unique<SlowEvaluator>(largest); };
  ParallelSearch search(envs::make_game("go:size=9"), {},
                        {.threads = 1, .leaves_per_batch = 64, .stop_when_decided = false},
                        factory);
  Rng rng(8);
  CHECK(search.run({.time_seconds = 0.05}, rng).simulations >= 1);
  CHECK(largest <= 10);  // a leaf takes at least 5 ms
  search.run({.simulations = 200}, rng);
  CHECK(largest > 10);  // no clock, no such limit
}

TEST_CASE("Parallel search stops when the leader cannot be caught", "[mcts][parallel]") {
  // A loss is close on every column but one: the visits gather there.
  const auto game = envs::make_game("connect_four");
  ParallelSearch search = make_search(game, {.threads = 1, .leaves_per_batch = 1});
  search.reset(*play(*game, {3, 0, 3, 0, 3}));
  Rng rng(8);
  const SearchResult result = search.run({.simulations = 20000}, rng);
  CHECK(result.simulations < 20000);
  CHECK(select_move(result, 0, rng) == 3);
}

TEST_CASE("A forced move is played at once", "[mcts][parallel]") {
  const auto game = envs::make_game("connect_four:width=4,height=4");
  // Fill three columns without four in a row; only the last column is open.
  const auto state = play(*game, {0, 1, 2, 0, 1, 2, 0, 1, 2, 1, 0, 2});
  std::vector<envs::Action> legal;
  state->legal_actions(legal);
  REQUIRE(legal.size() == 1);
  ParallelSearch search =
      make_search(game, {.threads = 2, .leaves_per_batch = 1}, {.use_solver = false});
  search.reset(*state);
  Rng rng(8);
  CHECK(search.run({.simulations = 100000000}, rng).simulations < 100000000);
}

TEST_CASE("Another thread can stop a search", "[mcts][parallel]") {
  ParallelSearch search =
      make_search("go:size=9", {.threads = 2, .leaves_per_batch = 4, .stop_when_decided = false},
                  {.max_tree_bytes = 1 << 20});
  std::atomic<bool> stop = false;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop = true;
  });
  Rng rng(8);
  const SearchResult result = search.run({.simulations = 2000000000}, rng, &stop);
  CHECK(result.simulations >= 1);
  CHECK(result.simulations < 2000000000);
}

TEST_CASE("A search that was stopped before it began does one simulation", "[mcts][parallel]") {
  const int threads = GENERATE(1, 2);
  ParallelSearch search = make_search("go:size=9", {.threads = threads});
  const std::atomic<bool> stop = true;
  Rng rng(8);
  for (int run = 1; run <= 3; ++run)
    CHECK(search.run({.simulations = 2000000000}, rng, &stop).simulations == run);
}

TEST_CASE("Deterministic threads equal the sequential search with their batch",
          "[mcts][parallel]") {
  const auto game = envs::make_game(GENERATE("connect_four", "go:size=5"));
  const int threads = GENERATE(2, 4, 8), leaves = GENERATE(1, 4);
  const SearchConfig config{.noise_fraction = 0.25f, .virtual_visits = 2};
  ParallelSearch parallel = make_search(game,
                                        {.threads = threads,
                                         .leaves_per_batch = leaves,
                                         .deterministic = true,
                                         .stop_when_decided = false},
                                        config);
  Search sequential(game, config);
  HashEvaluator evaluator;
  Rng a(8), b(8);
  for (int move = 0; move < 3; ++move) {
    const SearchResult expected =
        sequential.run(evaluator, {.simulations = 700}, b, threads * leaves);
    REQUIRE(same_search(parallel.run({.simulations = 700}, a), expected));
    parallel.advance(expected.principal_variation.at(0));
    sequential.advance(expected.principal_variation.at(0));
  }
}

TEST_CASE("Deterministic threads are reproducible with evaluators that dawdle",
          "[mcts][parallel]") {
  class Dawdler : public HashEvaluator {
   public:
    explicit Dawdler(std::uint64_t seed) : rng_(seed) {}
    void evaluate(std::span<EvalItem> items) override {
      std::this_thread::sleep_for(std::chrono::microseconds(rng_.below(200)));
      HashEvaluator::evaluate(items);
    }

   private:
    Rng rng_;
  };
  const int threads = GENERATE(2, 4, 8);
  const auto run = [threads](std::uint64_t seed) {
    ParallelSearch search(
        envs::make_game("go:size=5"), {},
        {.threads = threads, .leaves_per_batch = 2, .deterministic = true}, [seed](int thread) {
          return std::make_unique<Dawdler>(seed + static_cast<std::uint64_t>(thread));
        });
    Rng rng(8);
    return search.run({.simulations = 800}, rng);
  };
  const SearchResult first = run(1);
  for (std::uint64_t other : {100, 200, 300}) CHECK(same_search(run(other), first));
}

TEST_CASE("An evaluator that throws ends a parallel search with its exception",
          "[mcts][parallel]") {
  const auto factory = [](int thread) -> std::unique_ptr<Evaluator> {
    if (thread == 1) return std::make_unique<ThrowingEvaluator>();
    return std::make_unique<HashEvaluator>();
  };
  ParallelSearch search(envs::make_game("go:size=5"), {},
                        {.threads = 2,
                         .leaves_per_batch = 1,
                         .deterministic = GENERATE(false, true),
                         .stop_when_decided = false},
                        factory);
  Rng rng(8);
  CHECK_THROWS_AS(search.run({.simulations = 2000000000}, rng), std::runtime_error);
}

TEST_CASE("Bad thread and batch counts are rejected", "[mcts][parallel]") {
  CHECK_THROWS_AS(make_search("tic_tac_toe", {.threads = 0}), std::invalid_argument);
  CHECK_THROWS_AS(make_search("tic_tac_toe", {.leaves_per_batch = 0}), std::invalid_argument);
}

TEST_CASE("A full tree ends a search that asks for that", "[mcts][parallel]") {
  const std::size_t bound = GENERATE(1u << 20, 16u << 20);
  const int threads = GENERATE(1, 2);
  ParallelSearch search = make_search("go:size=9", {.threads = threads, .stop_when_decided = false},
                                      {.max_tree_bytes = bound});
  Rng rng(8);
  const int visits =
      search.run({.simulations = 1'000'000'000, .until_full = true}, rng).simulations;
  CHECK(search.full());
  CHECK(search.tree_bytes() <= bound);
  CHECK(search.run({.simulations = visits + 2000}, rng).simulations == visits + 2000);
  search.advance(search.result().principal_variation.at(0));
  CHECK_FALSE(search.full());
}

TEST_CASE("Reports change nothing about a search in rounds", "[mcts][parallel]") {
  const ParallelConfig config{
      .threads = GENERATE(1, 4), .leaves_per_batch = 2, .deterministic = true};
  ParallelSearch silent = make_search("go:size=5", config);
  ParallelSearch reporting = make_search("go:size=5", config);
  std::vector<int> seen;
  const Reports every_batch{0, [&](const SearchResult& result) {
                              seen.push_back(result.simulations);
                              CHECK(same_search(result, reporting.result()));
                            }};
  Rng a(8), b(8);
  const SearchResult expected = silent.run({.simulations = 500}, a);
  CHECK(same_search(reporting.run({.simulations = 500}, b, nullptr, &every_batch), expected));
  CHECK(seen.size() > 50);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
}

TEST_CASE("Threads leave the tree for a report", "[mcts][parallel]") {
  ParallelSearch search =
      make_search("go:size=9", {.threads = 4, .leaves_per_batch = 2, .stop_when_decided = false});
  int reports = 0;
  const Reports often{0, [&](const SearchResult& result) {
                        CHECK(sum_of_visits(result) == result.simulations - 1);
                        ++reports;
                      }};
  Rng rng(8);
  CHECK(search.run({.simulations = 2000}, rng, nullptr, &often).simulations == 2000);
  CHECK(reports > 10);
}

TEST_CASE("A Gumbel search that time may end halves as the one that visits end",
          "[mcts][parallel][gumbel]") {
  constexpr SearchConfig kGumbel{.selection = Selection::gumbel, .use_solver = false};
  const int simulations = GENERATE(17, 321);
  ParallelSearch timed = make_search("go:size=5", kExact, kGumbel);
  Rng rng(8);
  const SearchResult result = timed.run({.simulations = simulations, .time_seconds = 3600}, rng);
  CHECK(same_search(result, run_hashed("go:size=5", {}, simulations, kGumbel, 8)));
}

TEST_CASE("A Gumbel search that only time ends halves, too", "[mcts][parallel][gumbel]") {
  const int threads = GENERATE(1, 4);
  ParallelSearch search =
      make_search("go:size=9", {.threads = threads}, {.selection = Selection::gumbel});
  Rng rng(8);
  const auto halves = [&] {
    const SearchResult result = search.run({.time_seconds = 0.2}, rng);
    std::vector<int> visits = visits_of(result);
    std::sort(visits.rbegin(), visits.rend());
    // Of 16 actions the last two have more than their equal share of 0.125.
    return result.simulations > 100 && visits[0] + visits[1] > 0.2 * result.simulations;
  };
  for (int run = 0; run < 2; ++run) {  // the second one on the tree of the first
    bool halved = false;               // A busy machine may take a whole phase away.
    for (int attempt = 0; attempt < 5 && !halved; ++attempt) halved = halves();
    CHECK(halved);
  }
}
