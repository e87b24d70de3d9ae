#include "tests/support/state_invariants.hpp"

#include <set>
#include <vector>

#include "envs/registry.hpp"

using namespace tengen;
using namespace tengen::envs;

namespace {

void check(const char* spec, int games) {
  CAPTURE(spec);
  Rng rng(hash_bytes(spec));
  test::check_state_invariants(*make_game(spec), rng, games);
}

/// All actions as the symmetry moves them.
std::vector<Action> images(const Game& game, int symmetry) {
  std::vector<Action> moved;
  for (Action action = 0; action < game.num_actions(); ++action)
    moved.push_back(game.transform_action(symmetry, action));
  return moved;
}

}  // namespace

TEST_CASE("The symmetries of a game form a group", "[envs][D14]") {
  const auto [spec, count] = GENERATE(table<const char*, int>({{"go:size=5", 8},
                                                               {"go:width=4,height=5", 4},
                                                               {"tic_tac_toe", 8},
                                                               {"connect_four", 2},
                                                               {"othello", 4},
                                                               {"gomoku:size=5", 8},
                                                               {"hex:size=4", 2}}));
  CAPTURE(spec);
  const auto game = make_game(spec);
  std::set<std::vector<Action>> all;
  for (int s = 0; s < game->num_symmetries(); ++s) all.insert(images(*game, s));
  CHECK(static_cast<int>(all.size()) == count);
  for (const std::vector<Action>& first : all)
    for (const std::vector<Action>& second : all) {
      std::vector<Action> both;
      for (const Action action : first) both.push_back(second[static_cast<std::size_t>(action)]);
      CHECK(all.contains(both));  // finite and closed: a group
    }
}

TEST_CASE("Tic-tac-toe keeps the invariants of a game", "[envs][tic_tac_toe]") {
  check("tic_tac_toe", 200);
}

TEST_CASE("Connect Four keeps the invariants of a game", "[envs][connect_four]") {
  check("connect_four", 60);
  check("connect_four:width=4,height=4", 100);
  check("connect_four:width=8,height=7", 40);
  check("connect_four:width=5,height=7", 40);
}

TEST_CASE("Othello keeps the invariants of a game", "[envs][othello]") {
  check("othello", 24);
  check("othello:size=4", 200);
  check("othello:size=6", 40);
}

TEST_CASE("Gomoku keeps the invariants of a game", "[envs][gomoku]") {
  check("gomoku:size=3,line=3", 100);
  check("gomoku:size=7", 24);
  check("gomoku:size=9,exact=true", 16);
  check("gomoku", 2);
}

TEST_CASE("Hex keeps the invariants of a game", "[envs][hex]") {
  check("hex:size=2", 60);
  check("hex:size=3,swap=false", 60);
  check("hex:size=5", 40);
  check("hex", 4);
}

TEST_CASE("Go keeps the invariants of a game", "[envs][go]") {
  check("go:size=2", 50);
  check("go:size=3,suicide=true,ko=situational", 50);
  check("go:size=4,ko=simple,suicide=true", 40);
  check("go:size=5,ko=situational,komi=3", 32);
  check("go:size=7", 16);
  check("go:size=4,scoring=territory,ko=simple,handicap_bonus=n-1", 8);
  check("go:size=4,tax=all,ko=simple", 32);
  check("go:size=4,scoring=territory,tax=all", 8);
  check("go:size=4,button=true,komi=3,features=leela", 32);
  check("go:width=3,height=6", 32);
  check("go:width=7,height=2,ko=simple", 32);
}

TEST_CASE("Go keeps the invariants of a game on large boards", "[envs][go]") {
  check("go:size=9", 8);
  check("go:width=13,height=6,suicide=true", 4);
  check("go:size=19,max_plies=150", 2);
}

TEST_CASE("Every known game is made by its own description", "[envs][registry]") {
  for (const GameInfo& info : known_games()) {
    const auto game = make_game(info.name);
    CHECK(game->name() == info.name);
    CHECK(make_game(game->spec())->spec() == game->spec());
    CHECK(game->new_initial_state()->ply() == 0);
  }
}

TEST_CASE("Wrong games and options are refused by name", "[envs][registry]") {
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(make_game("chess"), Contains("go") && Contains("chess"));
  CHECK_THROWS_WITH(make_game("go:sise=9"), Contains("sise"));
  CHECK_THROWS_WITH(make_game("go:size=26"), Contains("size"));
  CHECK_THROWS_WITH(make_game("go:size=9,width=7"), Contains("either size or width"));
  CHECK_THROWS_WITH(make_game("go:komi=7.25"), Contains("multiple of 0.5"));
  CHECK_THROWS_WITH(make_game("go:ko=none"), Contains("simple|positional|situational"));
  CHECK_THROWS_WITH(make_game("connect_four:width=3"), Contains("width"));
  CHECK_THROWS_WITH(make_game("tic_tac_toe:size=3"), Contains("size"));
  CHECK_THROWS_WITH(make_game("othello:size=5"), Contains("4, 6 or 8"));
  CHECK_THROWS_WITH(make_game("gomoku:size=4,line=5"), Contains("line"));
  CHECK_THROWS_WITH(make_game("hex:size=20"), Contains("size"));
}

TEST_CASE("The description names every option of Go", "[envs][registry]") {
  CHECK(make_game("go:width=5,height=7,komi=-2,suicide=yes,ko=simple,max_plies=80")->spec() ==
        "go:width=5,height=7,komi=-2,ko=simple,suicide=true,handicap_bonus=false,max_plies=80");
  CHECK(make_game("go")->spec() ==
        "go:size=9,komi=7.5,ko=positional,suicide=false,handicap_bonus=false,max_plies=243");
  CHECK(make_game("go:scoring=territory,button=1")->spec() ==
        make_game("go")->spec() + ",scoring=territory,button=true");
  CHECK(make_game("go:size=9,handicap_bonus=n-1")->spec() ==
        "go:size=9,komi=7.5,ko=positional,suicide=false,handicap_bonus=n-1,max_plies=243");
  CHECK(make_game("go:scoring=territory,tax=seki")->spec() ==
        make_game("go:scoring=territory")->spec());
  CHECK(make_game("go:tax=all")->spec() == make_game("go")->spec() + ",tax=all");
  CHECK(make_game("go:scoring=territory,tax=none")->spec() ==
        make_game("go")->spec() + ",scoring=territory,tax=none");
  CHECK_THROWS_WITH(make_game("go:scoring=stones"), Catch::Contains("area|territory"));
  CHECK_THROWS_WITH(make_game("go:tax=2"), Catch::Contains("none|seki|all"));
  CHECK(make_game("go:features=leela")->spec() == make_game("go")->spec() + ",features=leela");
}
