#include <catch2/catch.hpp>

#include "engine/base/hash.hpp"
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

// Sending two, returning one. From the lone stone at B1: Black A1 sends two stones, White C1 takes
// them, Black B1 takes the one back, and the board is as it was.
constexpr const char* kOneStone =
    ". . . . ."
    "O O X . ."
    "O O X X ."
    ". X . X .";
constexpr const char* kTwoStones =
    ". . . . ."
    "O O X . ."
    "O O X X ."
    "X X . X .";

TEST_CASE("Only superko sees the cycle of sending two and returning one", "[envs][go][ko]") {
  for (const KoRule ko : kAllKoRules) {
    const GoGame game = game_of(5, 4, ko);
    GoState state(game);
    set_up_diagram(state, kOneStone, 0);
    play(state, {"A1", "C1"});
    REQUIRE(state.prisoners(1) == 2);
    CHECK(is_legal(state, "B1") == (ko != KoRule::kPositional));
    if (ko == KoRule::kPositional) continue;
    play(state, {"B1", "pass"});  // the first board again, but only now with Black to move
    CHECK(is_legal(state, "A1") == (ko == KoRule::kSimple));
  }
}

TEST_CASE("A move that captures nothing can repeat a position", "[envs][go][ko]") {
  for (const KoRule ko : kAllKoRules) {
    const GoGame game = game_of(5, 4, ko);
    GoState state(game);
    set_up_diagram(state, kTwoStones, 1);
    play(state, {"C1", "B1", "pass"});
    CHECK(is_legal(state, "A1") == (ko == KoRule::kSimple));
    state.undo();
    play(state, {"E4"});
    CHECK(is_legal(state, "A1"));
  }
}

TEST_CASE("A lone stone's suicide repeats the position", "[envs][go][ko]") {
  const char* corner =
      ". X . ."
      "X X . ."
      ". . . .";
  for (const KoRule ko : kAllKoRules) {
    const GoGame game = game_of(4, 3, ko, true);
    GoState state(game);
    set_up_diagram(state, corner, 1);
    CHECK(is_legal(state, "A3") == (ko != KoRule::kPositional));
    if (ko == KoRule::kPositional) continue;
    play(state, {"A3", "pass"});
    CHECK(tengen::test::diagram_of(state.board()) == ".X..\nXX..\n....\n");
    CHECK(is_legal(state, "A3") == (ko == KoRule::kSimple));
  }
}

TEST_CASE("Transpositions share keys only where their futures are equal", "[envs][go][ko]") {
  for (const KoRule ko : kAllKoRules) {
    const GoGame game = game_of(5, 5, ko);
    GoState first(game), second(game);
    play(first, {"A1", "E5", "C3"});
    play(second, {"C3", "E5", "A1"});
    CHECK((first.key() == second.key()) == (ko == KoRule::kSimple));  // superko: other history
    CHECK(first.observation_key() != second.observation_key());
    play(first, {"pass"});
    second.copy_from(first);
    play(second, {"B2"});
    second.undo();
    CHECK(first.key() == second.key());
  }
}

TEST_CASE("The position history finds and forgets and hashes a set", "[envs][go][ko]") {
  PositionHistory history(81), reversed(81);
  const auto entry = [](int i) { return tengen::mix64(static_cast<std::uint64_t>(i) + 1); };
  for (int i = 0; i < 300; ++i) history.push(entry(i));
  for (int i = 299; i >= 0; --i) reversed.push(entry(i));
  CHECK(history.set_hash() == reversed.set_hash());
  for (int i = 0; i < 600; ++i) REQUIRE(history.contains(entry(i)) == (i < 300));
  CHECK(history.recent(0) == entry(299));
  CHECK(history.recent(299) == entry(0));
  const std::uint64_t before = history.set_hash();
  history.push(entry(7));  // already there: the set stays
  CHECK(history.set_hash() == before);
  history.pop();
  CHECK(history.contains(entry(7)));
  for (int i = 0; i < 100; ++i) history.pop();
  for (int i = 0; i < 600; ++i) REQUIRE(history.contains(entry(i)) == (i < 200));
}
