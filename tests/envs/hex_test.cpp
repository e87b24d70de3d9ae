#include "envs/hex/hex.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <numeric>

#include "engine/base/random.hpp"
#include "tests/support/go_diagram.hpp"

using namespace tengen;
using namespace tengen::envs;

namespace {

/// Of the player to move, by full search.
bool wins(State& state, std::map<std::uint64_t, bool>& known) {
  if (state.is_terminal()) return state.returns(state.ply() % 2) > 0;
  if (const auto found = known.find(state.key()); found != known.end()) return found->second;
  std::vector<Action> actions;
  state.legal_actions(actions);
  bool won = false;
  for (const Action action : actions) {
    state.apply(action);
    won = !wins(state, known);
    state.undo();
    if (won) break;
  }
  return known[state.key()] = won;
}

/// For each first move, whether it wins for the first player; row by row.
std::string winning_openings(int size) {
  const HexGame game(size, false);
  HexState state(game);
  std::map<std::uint64_t, bool> known;
  std::string openings;
  for (Action cell = 0; cell < game.cells(); ++cell) {
    state.apply(cell);
    openings += wins(state, known) ? '.' : 'W';
    state.undo();
  }
  return openings;
}

/// Whether player 0's cells of `stones` join top and bottom: chains merged pair by pair.
bool slowly_joined(const std::vector<int>& stones, int size, int player) {
  std::vector<int> chain(stones.size());
  std::iota(chain.begin(), chain.end(), 0);
  const auto at = [&](int r, int c) { return r * size + c; };
  for (bool changed = true; changed;) {
    changed = false;
    for (int r = 0; r < size; ++r)
      for (int c = 0; c < size; ++c)
        for (const auto& [dr, dc] : {std::pair{0, 1}, {1, 0}, {1, -1}}) {
          if (r + dr >= size || c + dc < 0 || c + dc >= size) continue;
          int &a = chain[at(r, c)], &b = chain[at(r + dr, c + dc)];
          if (stones[at(r, c)] != player || stones[at(r + dr, c + dc)] != player || a == b)
            continue;
          a = b = std::min(a, b);
          changed = true;
        }
  }
  for (int i = 0; i < size; ++i)
    for (int j = 0; j < size; ++j) {
      const int first = player == 0 ? at(0, i) : at(i, 0);
      const int last = player == 0 ? at(size - 1, j) : at(j, size - 1);
      if (stones[first] == player && stones[last] == player && chain[first] == chain[last])
        return true;
    }
  return false;
}

}  // namespace

TEST_CASE("Small boards of Hex have the known winning openings", "[envs][hex]") {
  CHECK(winning_openings(2) == ".WW.");
  CHECK(winning_openings(3) ==
        "..W"
        "WWW"
        "W..");
}

TEST_CASE("With the swap the second player wins Hex", "[envs][hex]") {
  for (const int size : {2, 3}) {
    for (const bool swap : {false, true}) {
      const HexGame game(size, swap);
      HexState state(game);
      std::map<std::uint64_t, bool> known;
      CHECK(wins(state, known) == !swap);
    }
  }
}

TEST_CASE("A game of Hex ends as soon as one side is joined and never before", "[envs][hex]") {
  const int size = GENERATE(2, 4, 7);
  const HexGame game(size, false);
  Rng rng(static_cast<std::uint64_t>(size));
  for (int i = 0; i < 60; ++i) {
    HexState state(game);
    std::vector<int> stones(static_cast<std::size_t>(game.cells()), -1);
    std::vector<Action> actions;
    while (!state.is_terminal()) {
      state.legal_actions(actions);
      const Action action = actions[rng.below(static_cast<std::uint32_t>(actions.size()))];
      const int player = state.current_player();
      stones[static_cast<std::size_t>(action)] = player;
      state.apply(action);
      REQUIRE(state.is_terminal() == slowly_joined(stones, size, player));
      REQUIRE_FALSE(slowly_joined(stones, size, 1 - player));
      if (state.is_terminal()) REQUIRE(state.returns(player) == 1.0f);
    }
  }
}

TEST_CASE("The swap mirrors the first stone and gives it to the second player", "[envs][hex]") {
  const HexGame game(4);
  HexState state(game);
  CHECK_FALSE(state.is_legal(game.swap_action()));
  test::play(state, {"d2", "swap-pieces"});
  CHECK(state.to_string() ==
        "  a b c d\n"
        " 1 . . . .\n"
        "  2 . . . .\n"
        "   3 . . . .\n"
        "    4 . O . .\n");
  CHECK(state.current_player() == 0);
  test::play(state, {"A1"});
  CHECK_FALSE(state.is_legal(game.swap_action()));
  // The same stones without a swap, but with the other side to move.
  HexState other(game);
  test::play(other, {"a1", "b4"});
  CHECK(other.to_string() == state.to_string());
  CHECK(other.key() != state.key());
  state.undo();
  state.undo();
  CHECK(state.is_legal(game.swap_action()));
  CHECK(state.is_legal(game.parse_action("b4").value()));
  CHECK_FALSE(state.is_legal(game.parse_action("d2").value()));
}

TEST_CASE("Hex without the swap has cells alone for actions", "[envs][hex]") {
  const HexGame game(5, false);
  CHECK(game.num_actions() == 25);
  CHECK_FALSE(game.parse_action("swap-pieces").has_value());
  CHECK(game.parse_action("e1") == 4);
  CHECK(HexGame(11).parse_action("I3") == 30);  // no letter is left out
}

TEST_CASE("Random games of Hex end as often each way as through the State interface",
          "[envs][hex][playout]") {
  // 4000 games each put the difference of the means within 5 standard errors (at most 0.112).
  const HexGame game(4);
  HexState state(game);
  test::play(state, {"a2"});  // with the swap still to come
  Rng rng(5);
  double fast = 0, slow = 0;
  for (int i = 0; i < 4000; ++i) {
    fast += state.random_playout(rng, 0);
    slow += state.State::random_playout(rng, 0);
  }
  CHECK(std::abs(fast - slow) / 4000 < 0.112);
}
