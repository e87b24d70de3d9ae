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

  SolvedTicTacToe() { solve(*game_->new_initial_state()); }
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

  const std::shared_ptr<const envs::Game> game_ = envs::make_game("tic_tac_toe");
  std::map<std::uint64_t, Entry> open_;
};

}  // namespace

TEST_CASE("From every position of tic-tac-toe the search finds a move of minimax value",
          "[mcts][solver]") {
  const SolvedTicTacToe oracle;
  const auto game = envs::make_game("tic_tac_toe");
  UniformEvaluator evaluator;
  Rng rng(1);
  Search search(game, {});
  REQUIRE(oracle.open_positions().size() == 4520);
  for (const auto& [key, entry] : oracle.open_positions()) {
    const auto state = entry.state->clone();
    const int player = state->current_player();
    search.reset(*state);
    const SearchResult result = search.run(evaluator, {.simulations = 30000}, rng);
    INFO(state->to_string());
    if (result.proof != Proof::unknown) REQUIRE(result.proof == proof_of_result(entry.value));
    state->apply(select_move(result, 0, rng));
    REQUIRE(oracle.value(*state, player) == entry.value);
  }
}

// A proven draw is worth more than a move that looks lost, so the search returns to the lost one
// only rarely: a proof of a draw takes many visits, though few evaluations.
TEST_CASE("From four plies on the search proves every position of tic-tac-toe", "[mcts][solver]") {
  const SolvedTicTacToe oracle;
  const auto game = envs::make_game("tic_tac_toe");
  HashEvaluator evaluator;
  Rng rng(1);
  Search search(game, {});
  for (const auto& [key, entry] : oracle.open_positions()) {
    if (entry.state->ply() < 4) continue;
    search.reset(*entry.state);
    const SearchResult result = search.run(evaluator, {.simulations = 2000000}, rng);
    INFO(entry.state->to_string());
    REQUIRE(result.proof == proof_of_result(entry.value));
  }
}

TEST_CASE("A win in one is proven and chosen at any temperature", "[mcts][solver]") {
  const SearchResult result = run_hashed("tic_tac_toe", {0, 3, 1, 4}, 1000);
  CHECK(result.proof == Proof::win);
  for (const ActionStats& action : result.actions)
    if (action.proof != Proof::unknown) {
      CHECK(action.q == proof_value(action.proof));
      CHECK(action.lcb == action.q);
    }
  CHECK(result.simulations < 1000);
  Rng rng(1);
  for (int i = 0; i < 20; ++i) CHECK(select_move(result, 1.0, rng) == 2);
}

TEST_CASE("A proven loss is not visited again and not chosen", "[mcts][solver]") {
  // Player 1 must block at 2; every other move loses at once.
  const auto game = envs::make_game("tic_tac_toe");
  Search search(game, {});
  search.reset(*play(*game, {0, 4, 1}));
  HashEvaluator evaluator;
  Rng rng(1);
  const SearchResult before = search.run(evaluator, {.simulations = 300}, rng);
  const SearchResult after = search.run(evaluator, {.simulations = 500}, rng);
  REQUIRE(after.simulations == 500);
  int losses = 0;
  for (std::size_t i = 0; i < before.actions.size(); ++i) {
    if (before.actions[i].proof != Proof::loss) continue;
    ++losses;
    CHECK(after.actions[i].visits == before.actions[i].visits);
  }
  CHECK(losses > 0);
  const SearchResult proven = search.run(evaluator, {.simulations = 10000}, rng);
  for (int i = 0; i < 20; ++i) CHECK(select_move(proven, 1.0, rng) == 2);
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
