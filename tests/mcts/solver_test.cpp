#include <catch2/catch.hpp>
#include <map>

#include "mcts/search.hpp"
#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;
using namespace tengen::test;

namespace {

/// Every position of tic-tac-toe, by key, with its minimax value for the side to move.
class SolvedTicTacToe {
 public:
  struct Entry {
    std::unique_ptr<envs::State> state;
    float value;
  };

  SolvedTicTacToe() { solve(*envs::make_game("tic_tac_toe")->new_initial_state()); }
  const std::map<std::uint64_t, Entry>& open_positions() const { return open_; }

  float value(const envs::State& state, int player) const {
    if (state.is_terminal()) return state.returns(player);
    const float value = open_.at(state.key()).value;
    return state.current_player() == player ? value : -value;
  }

 private:
  float solve(const envs::State& state) {
    if (state.is_terminal()) return 0;  // value() reads the result
    if (open_.count(state.key())) return open_.at(state.key()).value;
    std::vector<envs::Action> actions;
    state.legal_actions(actions);
    float best = -1;
    for (envs::Action action : actions) {
      const auto next = state.clone();
      next->apply(action);
      solve(*next);
      best = std::max(best, value(*next, state.current_player()));
    }
    open_[state.key()] = {state.clone(), best};
    return best;
  }

  std::map<std::uint64_t, Entry> open_;
};

}  // namespace

TEST_CASE("From every position of tic-tac-toe the search proves the minimax value",
          "[mcts][solver]") {
  const SolvedTicTacToe oracle;
  const auto game = envs::make_game("tic_tac_toe");
  HashEvaluator evaluator;
  Rng rng(1);
  Search search(game, {});
  REQUIRE(oracle.open_positions().size() == 4520);
  for (const auto& [key, entry] : oracle.open_positions()) {
    const int player = entry.state->current_player();
    search.reset(*entry.state);
    const SearchResult result = search.run(evaluator, {.simulations = 100000}, rng);
    INFO(entry.state->to_string());
    REQUIRE(result.proof == proof_of_result(entry.value));
    entry.state->apply(select_move(result, 1.0, rng));
    REQUIRE(oracle.value(*entry.state, player) == entry.value);
  }
}

TEST_CASE("A win in one is proven and chosen at any temperature", "[mcts][solver]") {
  const SearchResult result = run_hashed("tic_tac_toe", {0, 3, 1, 4}, 1000);
  CHECK(result.proof == Proof::win);
  CHECK(result.simulations < 1000);
  Rng rng(1);
  for (int i = 0; i < 20; ++i) CHECK(select_move(result, 1.0, rng) == 2);
}

TEST_CASE("A proven loss is not visited again and not chosen", "[mcts][solver]") {
  // Player 1 must block at 2; every other move loses at once.
  const SearchResult result = run_hashed("tic_tac_toe", {0, 4, 1}, 50);
  int losses = 0;
  for (const ActionStats& stats : result.actions) {
    if (stats.proof != Proof::loss) continue;
    ++losses;
    CHECK(stats.visits < 10);
  }
  CHECK(losses > 0);
  Rng rng(1);
  for (int i = 0; i < 20; ++i) CHECK(select_move(result, 1.0, rng) == 2);
}

TEST_CASE("Without the solver nothing is proven", "[mcts][solver]") {
  const SearchResult result =
      run_hashed("tic_tac_toe", {0, 3, 1, 4}, 1000, SearchConfig{.use_solver = false});
  CHECK(result.proof == Proof::unknown);
  CHECK(result.simulations == 1000);
  Rng rng(1);
  CHECK(select_move(result, 0, rng) == 2);
}

TEST_CASE("The visit that proves a value backs it up exactly", "[mcts][solver]") {
  // One move is left and it draws: both the move and the root are proven by its first visit.
  const SearchResult result = run_hashed("tic_tac_toe", {0, 1, 2, 4, 3, 5, 7, 6}, 1000);
  REQUIRE(result.actions.size() == 1);
  CHECK(result.proof == Proof::draw);
  CHECK(result.simulations == 2);
  CHECK(result.actions[0].q == 0);
}
