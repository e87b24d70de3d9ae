#include <catch2/catch.hpp>

#include "envs/go/go_state.hpp"
#include "envs/go/history.hpp"
#include "tests/support/go_diagram.hpp"

using namespace tengen::envs;
using namespace tengen::envs::go;
using tengen::test::is_legal;
using tengen::test::play;
using tengen::test::set_up_diagram;

namespace {

constexpr KoRule kAllKoRules[] = {KoRule::kSimple, KoRule::kPositional, KoRule::kSituational};

GoGame game_of(int width, int height, KoRule ko, bool suicide = false) {
  return GoGame(
      Rules{.width = width, .height = height, .ko = ko, .suicide = suicide, .max_plies = 500});
}

}  // namespace

TEST_CASE("A ko may be retaken only after a move elsewhere", "[envs][go][ko]") {
  for (const KoRule ko : kAllKoRules) {
    const GoGame game = game_of(6, 4, ko);
    GoState state(game);
    set_up_diagram(state,
                   ". X O . . ."
                   "X . X O . ."
                   ". X O . . ."
                   ". . . . . .",
                   1);
    play(state, {"B3"});  // takes C3
    CHECK(state.prisoners(1) == 1);
    CHECK_FALSE(is_legal(state, "C3"));
    CHECK((state.board().ko_point() == state.board().point(1, 2)));
    play(state, {"F1", "F4"});
    CHECK(is_legal(state, "C3"));
    play(state, {"C3"});
    CHECK(state.prisoners(0) == 1);
    CHECK_FALSE(is_legal(state, "B3"));
  }
}

TEST_CASE("Taking two stones is no ko", "[envs][go][ko]") {
  const GoGame game = game_of(5, 2, KoRule::kPositional);
  GoState state(game);
  set_up_diagram(state,
                 ". X X O ."
                 "X O O . .",
                 0);
  play(state, {"D1"});
  CHECK(state.prisoners(0) == 2);
  CHECK(state.board().ko_point() == kNoPoint);
}

// Sending two, returning one: Black adds B1 to A1, White takes both with C1... and Black returns.
TEST_CASE("A move that captures nothing can repeat a position", "[envs][go][ko]") {
  const char* two_stones =
      "O O . ."
      "X X . O";
  for (const KoRule ko : kAllKoRules) {
    const GoGame game = game_of(4, 2, ko);
    GoState state(game);
    set_up_diagram(state, two_stones, 1);
    play(state, {"C1"});  // takes A1 and B1
    REQUIRE(state.prisoners(1) == 2);
    // Black comes back at A1 and B1, capturing nothing; White's stone at C1 goes away between.
    CHECK(is_legal(state, "A1"));
  }
}

TEST_CASE("Sending two and returning one ends by superko only", "[envs][go][ko]") {
  // Black's A1 lives on B1; White surrounds. P: A1 black. Black B1 makes two, White C1 would take
  // two; Black A1 retakes C1's stone? Only the superko rules see the cycle.
  const char* diagram =
      "X O . O ."
      ". X O O ."
      "X X O . ."
      "O O O . .";
  for (const KoRule ko : kAllKoRules) {
    const GoGame game = game_of(5, 4, ko);
    GoState state(game);
    set_up_diagram(state, diagram, 1);
    play(state, {"A3"});  // White throws in beside A4, taking the lone stone at A4
    CAPTURE(state.to_string());
    CHECK(state.prisoners(1) == 1);
  }
}
