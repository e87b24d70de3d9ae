#include "envs/go/scoring.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/base/random.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/handicap.hpp"
#include "envs/go/playout.hpp"
#include "envs/registry.hpp"
#include "tests/support/go_diagram.hpp"

using namespace tengen;
using namespace tengen::envs;
using namespace tengen::envs::go;
using test::play;
using test::set_up_diagram;

namespace {

std::string owners_of(const Board& board) {
  std::string text;
  for (const Color color : ownership(board)) text += ".XO"[static_cast<int>(color)];
  return text;
}

std::string handicap_text(int width, int height, int stones) {
  const GoGame game(Rules{.width = width, .height = height});
  std::string text;
  for (const Action point : fixed_handicap(width, height, stones))
    text += game.action_to_string(point) + ' ';
  return text;
}

}  // namespace

TEST_CASE("Area scoring counts stones and the empty points that reach one colour",
          "[envs][go][scoring]") {
  const GoGame game(Rules{.width = 5, .height = 4, .komi_halves = 3});
  GoState state(game);
  CHECK(area_score(state.board()) == 0);  // an empty board is nobody's
  set_up_diagram(state,
                 ". X . O ."
                 "X X . O ."
                 ". . X O O"
                 "X X X O .");
  CHECK(owners_of(state.board()) == "XX.OOXX.OOXXXOOXXXOO");
  CHECK(area_score(state.board()) == 10 - 8);
  CHECK(state.score() == 0.5);
}

TEST_CASE("Points between both sides of a seki count for neither", "[envs][go][scoring]") {
  const GoGame game(Rules{.width = 6, .height = 4, .komi_halves = 0});
  GoState state(game);
  // Black's three stones at the left and White's beside them share the liberties A4 and B4.
  set_up_diagram(state,
                 ". . O X X ."
                 "X O O X . X"
                 "X O O X X X"
                 "X O O X . X");
  CHECK(owners_of(state.board()) == "..OXXXXOOXXXXOOXXXXOOXXX");
  CHECK(area_score(state.board()) == 15 - 7);
}

TEST_CASE("Two passes end the game and komi decides it", "[envs][go][scoring]") {
  const GoGame game(Rules{.width = 3, .height = 3, .komi_halves = 17});
  GoState state(game);
  play(state, {"B2", "pass"});
  CHECK_FALSE(state.is_terminal());
  play(state, {"pass"});
  CHECK(state.is_terminal());
  CHECK(state.score() == 0.5);
  CHECK(state.returns(0) == 1);
  state.set_komi(9);
  CHECK(state.returns(0) == 0);
  state.set_komi(9.5);
  CHECK(state.returns(1) == 1);
  CHECK(game.rules().komi() == 8.5);
  CHECK_THROWS_AS(state.set_komi(0.25), std::invalid_argument);
}

TEST_CASE("The ply limit ends the game", "[envs][go]") {
  const GoGame game(Rules{.width = 5, .height = 5, .max_plies = 3});
  GoState state(game);
  play(state, {"A1", "B2", "C3"});
  CHECK(state.is_terminal());
  CHECK(state.returns(0) == -1);
}

TEST_CASE("A game whose ply limit is lifted goes on", "[envs][go]") {
  const GoGame game(Rules{.width = 5, .height = 5, .max_plies = 3});
  GoState state(game);
  state.lift_ply_limit();
  play(state, {"A1", "B2", "C3"});
  CHECK_FALSE(state.is_terminal());
  state.place_handicap(std::vector<Action>{0, 4});
  play(state, {"A1", "B1", "C1"});
  CHECK_FALSE(state.is_terminal());
  Rng rng(1);
  int plies = 0;
  state.random_playout(rng, 0, &plies);
  CHECK(plies <= 3);  // random games keep to the limit, from where they start
  play(state, {"pass", "pass"});
  CHECK(state.is_terminal());
}

TEST_CASE("Fixed handicap stones stand where GTP puts them", "[envs][go][handicap]") {
  CHECK(handicap_text(19, 19, 2) == "D4 Q16 ");
  CHECK(handicap_text(19, 19, 3) == "D4 Q16 D16 ");
  CHECK(handicap_text(19, 19, 4) == "D4 Q16 D16 Q4 ");
  CHECK(handicap_text(19, 19, 5) == "D4 Q16 D16 Q4 K10 ");
  CHECK(handicap_text(19, 19, 6) == "D4 Q16 D16 Q4 D10 Q10 ");
  CHECK(handicap_text(19, 19, 7) == "D4 Q16 D16 Q4 D10 Q10 K10 ");
  CHECK(handicap_text(19, 19, 8) == "D4 Q16 D16 Q4 D10 Q10 K4 K16 ");
  CHECK(handicap_text(19, 19, 9) == "D4 Q16 D16 Q4 D10 Q10 K4 K16 K10 ");
  CHECK(handicap_text(9, 9, 5) == "C3 G7 C7 G3 E5 ");
  CHECK(handicap_text(8, 8, 4) == "C3 F6 C6 F3 ");
}

TEST_CASE("Handicaps that do not fit the board are refused", "[envs][go][handicap]") {
  CHECK(max_fixed_handicap(6, 9) == 0);
  CHECK(max_fixed_handicap(7, 7) == 4);
  CHECK(max_fixed_handicap(12, 12) == 4);
  CHECK(max_fixed_handicap(13, 13) == 9);
  CHECK_THROWS_AS(fixed_handicap(7, 7, 5), std::invalid_argument);
  CHECK_THROWS_AS(fixed_handicap(19, 19, 1), std::invalid_argument);
}

TEST_CASE("Handicap stones give White the move and a bonus if asked", "[envs][go][handicap]") {
  const std::pair<HandicapBonus, int> bonuses[] = {
      {HandicapBonus::kNone, 0}, {HandicapBonus::kStones, 4}, {HandicapBonus::kStonesLessOne, 3}};
  for (const auto& [bonus, points] : bonuses) {
    const GoGame game(Rules{.komi_halves = 1, .handicap_bonus = bonus});
    GoState state(game);
    state.place_handicap(fixed_handicap(9, 9, 4));
    CHECK(state.current_player() == 1);
    CHECK(state.handicap() == 4);
    CHECK(state.score() == 81 - 0.5 - points);
    play(state, {"E5"});
    state.undo();
    CHECK(state.current_player() == 1);
    CHECK(state.board().num_stones(Color::kBlack) == 4);
  }
}

TEST_CASE("A wrong set-up is refused and changes nothing", "[envs][go]") {
  const GoGame game(Rules{});
  GoState state(game);
  play(state, {"E5"});
  const std::uint64_t key = state.key();
  const std::vector<Action> corner = {0}, around = {1, 9}, outside = {81};
  CHECK_THROWS_AS(state.set_up(corner, around, 0), std::invalid_argument);
  CHECK_THROWS_AS(state.set_up(corner, corner, 0), std::invalid_argument);
  CHECK_THROWS_AS(state.set_up(outside, {}, 0), std::invalid_argument);
  CHECK(state.key() == key);
  CHECK(state.ply() == 1);
}

TEST_CASE("Either side may be given the move and undo gives it back", "[envs][go]") {
  const GoGame game(Rules{});
  GoState state(game);
  play(state, {"E5"});
  state.set_to_move(0);
  play(state, {"C3"});
  CHECK(state.board().num_stones(Color::kBlack) == 2);
  CHECK(state.current_player() == 1);
  CHECK(state.player_at(1) == 0);
  state.undo();
  CHECK(state.current_player() == 0);
  state.undo();
  CHECK(state.current_player() == 0);
}

TEST_CASE("A random game fills the board up to eyes", "[envs][go][playout]") {
  Rng rng(8);
  for (int i = 0; i < 200; ++i) {
    Board board(7, 7);
    const int plies = play_random_game(board, Color::kBlack, 0, 1000, rng);
    CHECK(plies > 40);
    for (const Point p : board.empty_points())
      for (const Color color : {Color::kBlack, Color::kWhite})
        CHECK((p == board.ko_point() || !board.is_playable(p, color, false) ||
               board.is_simple_eye(p, color)));
  }
}

TEST_CASE("A random playout draws each first move equally often", "[envs][go][playout]") {
  // 25 points, 25000 games: each count is within 6 standard deviations (186) of 1000.
  Rng rng(9);
  std::vector<int> counts(25);
  for (int i = 0; i < 25000; ++i) {
    Board board(5, 5);
    play_random_game(board, Color::kBlack, 0, 1, rng);
    for (int cell = 0; cell < 25; ++cell)
      counts[cell] += board.color(board.point_of_cell(cell)) == Color::kBlack;
  }
  for (const int count : counts) CHECK(std::abs(count - 1000) < 186);
}

TEST_CASE("Playouts see who owns a settled board", "[envs][go][playout]") {
  const GoGame game(Rules{.width = 5, .height = 5, .komi_halves = 1});
  GoState state(game);
  set_up_diagram(state,
                 ". X . X ."
                 "X X X X X"
                 "X X X X X"
                 "O O O O O"
                 ". O . O .");
  Rng rng(2);
  for (int i = 0; i < 20; ++i) {
    CHECK(state.random_playout(rng, 0) == 1.0f);
    CHECK(state.random_playout(rng, 1) == -1.0f);
  }
}

TEST_CASE("The owners of a position are those that its score counts", "[envs][go][scoring]") {
  const GoGame game(Rules{.width = 5, .height = 3});
  GoState state(game);
  set_up_diagram(state,
                 ". X . O ."
                 "X X . O ."
                 ". X . O .");
  const std::vector<Color> owners = state.owners();
  CHECK(std::ranges::equal(owners, ownership(state.board())));
  CHECK(std::ranges::count(owners, Color::kBlack) == 6);
  CHECK(std::ranges::count(owners, Color::kWhite) == 6);
}

TEST_CASE("A stone that is dead for certain is owned by the side that lives",
          "[envs][go][scoring]") {
  constexpr const char* kDeadInside =
      ". X . X O . O ."
      "X X X X O O O O"
      ". O . X O . . .";
  for (const Scoring scoring : {Scoring::kArea, Scoring::kTerritory}) {
    const GoGame game(Rules{.width = 8, .height = 3, .scoring = scoring});
    GoState state(game);
    set_up_diagram(state, kDeadInside);
    const std::vector<Color> owners = state.owners();
    for (std::size_t cell = 0; cell < owners.size(); ++cell)
      CHECK(owners[cell] == (cell % 8 < 4 ? Color::kBlack : Color::kWhite));
  }
}
