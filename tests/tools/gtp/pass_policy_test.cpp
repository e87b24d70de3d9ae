#include "tools/gtp/pass_policy.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/go_diagram.hpp"
#include "tests/tools/gtp/dialogue.hpp"

using namespace tengen;
using namespace tengen::envs::go;
using namespace tengen::gtp;
using test::last_response;

namespace {

/// Both sides live; the white stone B1 is dead. By area as it stands Black has 9 points and White
/// 13, as people agree 12 and 12, by territory 6 and 5.
constexpr const char* kTwoEyes =
    ". X . X O . O ."
    "X X X X O O O O"
    ". O . X O . . .";

/// The same position in a dialogue, Black to move.
std::string set_up(const std::string& rules, double komi) {
  std::string lines = "rectangular_boardsize 8 3\nclear_board\nkata-set-rules " + rules + "\n";
  for (const char* vertex : {"B3", "D3", "A2", "B2", "C2", "D2", "D1"})
    lines += std::string("play b ") + vertex + "\n";
  for (const char* vertex : {"E3", "G3", "E2", "F2", "G2", "H2", "E1", "B1"})
    lines += std::string("play w ") + vertex + "\n";
  return lines + "komi " + std::to_string(komi) + "\n";
}

GoState two_eyes(const GoGame& game) {
  GoState state(game);
  test::set_up_diagram(state, kTwoEyes);
  return state;
}

GoGame wide_game(int komi_halves) {
  return GoGame(Rules{.width = 8, .height = 3, .komi_halves = komi_halves});
}

}  // namespace

TEST_CASE("A pass is answered at once if that wins", "[tools][gtp][pass_policy]") {
  for (const int komi : {-10, -2, 2}) {
    const GoGame game = wide_game(2 * komi);
    GoState state = two_eyes(game);
    CHECK_FALSE(passes_at_once(state, true));  // White has not passed
    state.set_to_move(1);
    test::play(state, {"pass"});
    CHECK(passes_at_once(state, false) == (komi == -10));
    CHECK(passes_at_once(state, true) == (komi < 0));
  }
}

TEST_CASE("No pass that loses to a pass while another move is better",
          "[tools][gtp][pass_policy]") {
  const GoGame game = wide_game(-2);
  const GoState state = two_eyes(game);
  const envs::Action pass = game.pass_action(), a1 = 16, c1 = 18;
  mcts::SearchResult search;
  search.actions = {{.action = a1, .visits = 3, .q = 0.1f},
                    {.action = c1, .visits = 5, .q = -0.95f},
                    {.action = pass, .visits = 30, .q = 0.9f}};
  CHECK(safe_action(state, search, pass, false) == a1);
  CHECK(safe_action(state, search, pass, true) == pass);  // won once B1 is taken off
  CHECK(safe_action(state, search, c1, false) == c1);
  search.actions[0].q = -0.99f;
  CHECK(safe_action(state, search, pass, false) == pass);  // all is lost
}

TEST_CASE("Dead stones are captured on their liberties", "[tools][gtp][pass_policy]") {
  const GoGame game = wide_game(0);
  GoState state = two_eyes(game);
  CHECK(cleanup_moves(state) == std::vector<envs::Action>{16, 18});
  state.set_to_move(1);
  CHECK(cleanup_moves(state).empty());
}

TEST_CASE("Stones are listed by what becomes of them", "[tools][gtp][pass_policy]") {
  const std::string lines = set_up("tromp-taylor", 0.5);
  CHECK(last_response(lines + "final_status_list dead\n") == "= B1\n\n");
  CHECK(last_response(lines + "final_status_list seki\n") == "=\n\n");
  CHECK(last_response(lines + "final_status_list alive\n") ==
        "= B3 D3 A2 B2 C2 D2 D1\nE3 G3 E2 F2 G2 H2 E1\n\n");
}

TEST_CASE("The final score follows the rules", "[tools][gtp][pass_policy]") {
  CHECK(last_response(set_up("tromp-taylor", 0.5) + "final_score\n") == "= W+4.5\n\n");
  CHECK(last_response(set_up("chinese", 0.5) + "final_score\n") == "= W+0.5\n\n");
  CHECK(last_response(set_up("japanese", 0.5) + "final_score\n") == "= B+0.5\n\n");
}

TEST_CASE("Sessions pass as the policy says", "[tools][gtp][pass_policy]") {
  CHECK(last_response(set_up("tromp-taylor", -1) + "play w pass\ngenmove b\n") != "= pass\n\n");
  CHECK(last_response(set_up("chinese", -1) + "play w pass\ngenmove b\n") == "= pass\n\n");
  const std::string move =
      last_response(set_up("chinese", -1) + "play w pass\nkgs-genmove_cleanup b\n");
  CHECK((move == "= A1\n\n" || move == "= C1\n\n"));
  // On a server the dispute comes when both have passed: a plain genmove leaves the game over.
  const std::string over = set_up("chinese", -1) + "play w pass\nplay b pass\n";
  const std::string resumed = last_response(over + "kgs-genmove_cleanup b\n");
  CHECK((resumed == "= A1\n\n" || resumed == "= C1\n\n"));
  CHECK(last_response(over + "genmove b\n") == "= pass\n\n");
  // The stone is captured: now the game is won as it stands.
  CHECK(last_response(set_up("chinese", -1) +
                      "play w pass\nkgs-genmove_cleanup b\nplay w pass\n"
                      "kgs-genmove_cleanup b\nplay w pass\nkgs-genmove_cleanup b\n") ==
        "= pass\n\n");
}
