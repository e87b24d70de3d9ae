#include <catch2/catch.hpp>

#include "engine/base/random.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/scoring.hpp"
#include "tests/support/slow_go.hpp"

using namespace tengen;
using namespace tengen::envs;
using namespace tengen::envs::go;

namespace {

/// The stones, captures and score of the fast state against the slow one's.
void compare_positions(const GoState& fast, const test::SlowGo& slow) {
  const Board& board = fast.board();
  for (int cell = 0; cell < board.area(); ++cell)
    if (".XO"[static_cast<int>(board.color(board.point_of_cell(cell)))] != slow.stones()[cell])
      FAIL("stones differ at " << cell << "\n" << fast.to_string());
  REQUIRE(fast.prisoners(0) == slow.prisoners(0));
  REQUIRE(fast.prisoners(1) == slow.prisoners(1));
  for (const Tax tax : {Tax::kNone, static_cast<Tax>(fast.ply() % 3)})
    REQUIRE(area_score(board, tax) == slow.area_score(tax));
}

/// Compares the legality of every point; returns the legal ones.
std::vector<Action> compare_legality(const GoState& fast, const test::SlowGo& slow) {
  std::vector<Action> legal, listed;
  for (Action action = 0; action <= fast.go_game().pass_action(); ++action)
    if (slow.is_legal(action)) legal.push_back(action);
  fast.legal_actions(listed);
  if (listed != legal) FAIL("legal moves differ\n" << fast.to_string());
  return legal;
}

/// Plays random games, rarely passing, until `moves` moves are compared.
void compare_games(Rules rules, int moves, Rng& rng) {
  const GoGame game(rules);
  for (int played = 0; played < moves;) {
    GoState fast(game);
    test::SlowGo slow(rules);
    while (!fast.is_terminal()) {
      REQUIRE(fast.current_player() == slow.to_move());
      const std::vector<Action> legal = compare_legality(fast, slow);
      const bool pass = legal.size() == 1 || rng.below(50) == 0;
      const auto points = static_cast<std::uint32_t>(legal.size() - 1);
      const Action action = pass ? game.pass_action() : legal[rng.below(points)];
      fast.apply(action);
      slow.play(action);
      compare_positions(fast, slow);
      ++played;
    }
    REQUIRE(slow.over());
  }
}

void compare_all_rules(int width, int height, int moves) {
  Rng rng(static_cast<std::uint64_t>(width * 100 + height));
  for (const KoRule ko : {KoRule::kSimple, KoRule::kPositional, KoRule::kSituational})
    for (const bool suicide : {false, true}) {
      Rules rules{.width = width, .height = height, .ko = ko, .suicide = suicide};
      rules.max_plies = 8 * rules.area();  // long fights on full boards, where rules matter
      CAPTURE(rules.spec());
      compare_games(rules, moves, rng);
    }
}

}  // namespace

TEST_CASE("Go agrees with the slow oracle on small boards", "[envs][go][oracle]") {
  for (int size = 2; size <= 5; ++size) compare_all_rules(size, size, 3000);
  compare_all_rules(2, 5, 3000);
  compare_all_rules(6, 3, 2000);
}

TEST_CASE("Go agrees with the slow oracle on middle boards", "[envs][go][oracle]") {
  for (int size = 6; size <= 9; ++size) compare_all_rules(size, size, 300);
  compare_all_rules(9, 4, 300);
}

TEST_CASE("Go agrees with the slow oracle on large boards", "[envs][go][oracle]") {
  for (int size = 10; size <= 19; ++size) {
    Rng rng(static_cast<std::uint64_t>(size));
    Rules rules{.width = size, .height = size};
    rules.ko = static_cast<KoRule>(size % 3);
    rules.suicide = size % 2 == 0;
    rules.max_plies = rules.area() * 5 / 4;
    CAPTURE(rules.spec());
    compare_games(rules, 1, rng);
  }
}
