#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "mcts/puct.hpp"
#include "mcts/search.hpp"
#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;
using namespace tengen::test;

namespace {

/// Actions 0, 1, 2, ... with these visits.
SearchResult result_with(const std::vector<int>& visits) {
  SearchResult result;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    ActionStats stats;
    stats.action = static_cast<envs::Action>(i);
    stats.visits = visits[i];
    result.actions.push_back(stats);
  }
  return result;
}

std::vector<int> draw(const SearchResult& result, double temperature, int draws) {
  Rng rng(11);
  std::vector<int> counts(result.actions.size());
  for (int i = 0; i < draws; ++i) ++counts[select_move(result, temperature, rng)];
  return counts;
}

std::vector<float> target(const SearchResult& result, std::size_t num_actions) {
  std::vector<float> out(num_actions, -1.0f);
  write_policy_target(result, out);
  return out;
}

}  // namespace

TEST_CASE("Temperature zero takes the most visited and breaks ties by q then prior",
          "[mcts][result]") {
  SearchResult result = result_with({3, 7, 7, 7});
  Rng rng(1);
  CHECK(select_move(result, 0, rng) == 1);
  result.actions[2].prior = 0.1f;
  CHECK(select_move(result, 0, rng) == 2);
  result.actions[3].q = 0.1f;
  CHECK(select_move(result, 0, rng) == 3);
}

TEST_CASE("Temperature one draws in proportion to visits", "[mcts][result]") {
  const std::vector<int> counts = draw(result_with({100, 300, 0, 600}), 1.0, 10000);
  CHECK(counts[0] == Approx(1000).margin(120));  // four standard deviations
  CHECK(counts[1] == Approx(3000).margin(185));
  CHECK(counts[2] == 0);
}

TEST_CASE("Temperature one half squares the visits", "[mcts][result]") {
  const std::vector<int> counts = draw(result_with({1, 3}), 0.5, 10000);
  CHECK(counts[0] == Approx(1000).margin(120));
}

TEST_CASE("A tiny temperature does not overflow", "[mcts][result]") {
  CHECK(draw(result_with({900000, 1000000}), 0.001, 100)[1] == 100);
}

TEST_CASE("The policy target sums to one and follows the visits", "[mcts][result]") {
  const std::vector<float> out = target(result_with({1, 0, 3}), 5);
  CHECK(out == std::vector<float>{0.25f, 0, 0.75f, 0, 0});
}

TEST_CASE("A proven win takes the whole target and proven losses get nothing", "[mcts][result]") {
  SearchResult result = result_with({5, 3, 2});
  result.actions[0].proof = Proof::loss;
  CHECK(target(result, 3) == std::vector<float>{0, 0.6f, 0.4f});
  result.actions[2].proof = Proof::win;
  CHECK(target(result, 3) == std::vector<float>{0, 0, 1});
}

TEST_CASE("When all actions lose the visits count again", "[mcts][result]") {
  SearchResult result = result_with({1, 3});
  for (ActionStats& stats : result.actions) stats.proof = Proof::loss;
  CHECK(target(result, 2) == std::vector<float>{0.25f, 0.75f});
  Rng rng(1);
  CHECK(select_move(result, 0, rng) == 1);
}

TEST_CASE("Without visits the priors decide", "[mcts][result]") {
  SearchResult result = result_with({0, 0});
  CHECK(target(result, 2) == std::vector<float>{0.5f, 0.5f});
  result.actions[0].prior = 0.25f;
  result.actions[1].prior = 0.75f;
  CHECK(target(result, 2) == std::vector<float>{0.25f, 0.75f});
}

TEST_CASE("No move can be selected where there is none", "[mcts][result]") {
  Rng rng(1);
  CHECK_THROWS_AS(select_move(SearchResult{}, 0, rng), std::invalid_argument);
}

TEST_CASE("Squares of the values add up beside their sum", "[mcts][result]") {
  // One value an edge: the spread is the prior's, shrunk by its one visit.
  const auto game = envs::make_game("connect_four");
  Search search(game, {.lcb_errors = 2});
  search.reset(*game->new_initial_state());
  HashEvaluator evaluator;
  Rng rng(1);
  const SearchResult few = search.run(evaluator, {.simulations = 3}, rng);
  for (const ActionStats& action : few.actions) {
    if (action.visits == 0) CHECK(action.lcb == -1);
    if (action.visits == 1)
      CHECK(action.lcb == Approx(action.q - 2 * value_spread(action.q, action.q * action.q, 1)));
  }
}

TEST_CASE("The lower bound chooses the move that is surely good", "[mcts][result]") {
  SearchConfig config{.lcb_errors = 5, .use_solver = false};
  const auto run = [&config](bool lcb_move) {
    config.lcb_move = lcb_move;
    return run_hashed("go:size=5", {}, 3000, config);
  };
  const SearchResult plain = run(false), bounded = run(true);
  CHECK(plain.choice == envs::kNoAction);
  CHECK(visits_of(plain) == visits_of(bounded));
  int most = 0;
  for (const ActionStats& action : bounded.actions) {
    most = std::max(most, action.visits);
    CHECK((action.visits == 0 || action.lcb < action.q));
  }
  const auto chosen = std::find_if(bounded.actions.begin(), bounded.actions.end(),
                                   [&](const auto& a) { return a.action == bounded.choice; });
  REQUIRE(chosen != bounded.actions.end());
  CHECK(chosen->visits >= 0.15f * static_cast<float>(most));
  for (const ActionStats& action : bounded.actions)
    if (static_cast<float>(action.visits) >= 0.15f * static_cast<float>(most))
      CHECK(action.lcb <= chosen->lcb);
  Rng rng(1);
  CHECK(select_move(bounded, 0, rng) == bounded.choice);
}

TEST_CASE("The lower bound never chooses a move that is proven lost", "[mcts][result]") {
  // The one move that holds is visited last here: all others lose at once and look alike.
  const SearchConfig config{.lcb_errors = 100, .lcb_move = true};
  for (const int simulations : {5, 20, 100, 1000}) {
    const SearchResult result = run_hashed("connect_four", {3, 0, 3, 0, 3}, simulations, config);
    Rng rng(1);
    const envs::Action move = select_move(result, 0, rng);
    if (std::all_of(result.actions.begin(), result.actions.end(),
                    [](const ActionStats& action) { return action.proof == Proof::loss; }))
      continue;
    for (const ActionStats& action : result.actions)
      if (action.action == move) CHECK(action.proof != Proof::loss);
  }
}
