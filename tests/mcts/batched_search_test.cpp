#include "mcts/batched_search.hpp"

#include <catch2/catch.hpp>

#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;
using namespace tengen::test;

namespace {

constexpr SearchConfig kConfig{.noise_fraction = 0.25f};

/// Searches after openings 0 .. games - 1 of Connect Four, one column each.
std::vector<Search> make_searches(int games) {
  const auto game = envs::make_game("connect_four");
  std::vector<Search> searches;
  for (int i = 0; i < games; ++i) {
    searches.emplace_back(game, kConfig);
    searches.back().reset(*play(*game, {i}));
    Rng rng(100 + i);
    searches.back().begin(rng, 200);
  }
  return searches;
}

void run_all(std::vector<Search>& searches, int simulations, int leaves_per_search) {
  std::vector<BatchedSearch::Job> jobs;
  for (Search& search : searches) jobs.push_back({&search, simulations});
  HashEvaluator evaluator;
  BatchedSearch driver(evaluator, leaves_per_search);
  const auto all_done = [&] {
    return std::all_of(jobs.begin(), jobs.end(),
                       [](const auto& job) { return job.search->done(job.simulations); });
  };
  while (!all_done()) driver.round(jobs);
  CHECK(driver.round(jobs) == 0);
}

}  // namespace

TEST_CASE("Batched search with one leaf each equals separate searches", "[mcts][batched]") {
  std::vector<Search> searches = make_searches(7);
  run_all(searches, 700, 1);
  for (int i = 0; i < 7; ++i)
    CHECK(
        same_search(searches[i].result(), run_hashed("connect_four", {i}, 700, kConfig, 100 + i)));
}

TEST_CASE("Batched search with many leaves each leaves no virtual visit behind",
          "[mcts][batched]") {
  std::vector<Search> searches = make_searches(3);
  run_all(searches, 1000, 8);
  for (const Search& search : searches) {
    CHECK(search.simulations() == 1000);
    CHECK(sum_of_visits(search.result()) == 999);
  }
}

TEST_CASE("A round evaluates one batch with a leaf of every search", "[mcts][batched]") {
  std::vector<Search> searches = make_searches(5);
  std::vector<BatchedSearch::Job> jobs;
  for (Search& search : searches) jobs.push_back({&search, 100});
  HashEvaluator evaluator;
  BatchedSearch driver(evaluator);
  CHECK(driver.round(jobs) == 5);
  CHECK(driver.round(jobs) == 5);
  CHECK(searches[4].simulations() == 2);
}

TEST_CASE("A position with one legal move is done when it was looked at once", "[mcts][batched]") {
  const auto game = envs::make_game("tic_tac_toe");
  Search search(game, {});
  search.reset(*play(*game, {0, 1, 2, 4, 3, 5, 7, 6}));
  CHECK_FALSE(search.done(100));
  HashEvaluator evaluator;
  BatchedSearch driver(evaluator);
  const BatchedSearch::Job job{&search, 100};
  driver.round({&job, 1});
  CHECK(search.done(100));
  std::vector<float> target(9);
  write_policy_target(search.result(), target);
  CHECK(target[8] == 1);
}
