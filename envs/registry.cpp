#include "envs/registry.hpp"

#include "engine/base/error.hpp"
#include "envs/connect_four/connect_four.hpp"
#include "envs/go/go_game.hpp"
#include "envs/gomoku/gomoku.hpp"
#include "envs/hex/hex.hpp"
#include "envs/othello/othello.hpp"
#include "envs/tic_tac_toe/tic_tac_toe.hpp"

namespace tengen::envs {
namespace {

struct Entry {
  const char* name;
  const char* help;
  std::shared_ptr<const Game> (*make)(Spec& spec);
};

constexpr Entry kGames[] = {
    {"tic_tac_toe", "no options",
     [](Spec&) -> std::shared_ptr<const Game> { return std::make_shared<TicTacToeGame>(); }},
    {"connect_four", "width=7 (4 to 8), height=6 (4 to 7)", connect_four_from_spec},
    {"othello", "size=8 (4, 6 or 8)", othello_from_spec},
    {"gomoku",
     "size=15 (3 to 19), line=5 (stones in a row that win), exact=false (true: more do not)",
     gomoku_from_spec},
    {"hex", "size=11 (2 to 19), swap=true (the second player may take over the first stone)",
     hex_from_spec},
    {"go",
     "size=9 or width=9,height=9 (2 to 25), komi (halves; 7.5, less on small boards), "
     "ko=positional|situational|simple, suicide=false, max_plies (3 times the points), "
     "handicap_bonus=false|true|n-1, scoring=area|territory, tax=none|seki|all (area none, "
     "territory seki), button=false, features=zero|leela",
     [](Spec& spec) -> std::shared_ptr<const Game> {
       return std::make_shared<go::GoGame>(go::rules_from_spec(spec));
     }},
};

}  // namespace

std::shared_ptr<const Game> make_game(Spec& spec) {
  std::string names;
  for (const Entry& entry : kGames) {
    if (spec.name() == entry.name) return entry.make(spec);
    names += names.empty() ? entry.name : std::string(", ") + entry.name;
  }
  bad_argument("make_game", "expected one of the games {}, got \"{}\"", names, spec.name());
}

std::shared_ptr<const Game> make_game(std::string_view text) {
  Spec spec(text);
  std::shared_ptr<const Game> game = make_game(spec);
  spec.finish();
  return game;
}

std::vector<GameInfo> known_games() {
  std::vector<GameInfo> games;
  for (const Entry& entry : kGames) games.push_back({entry.name, entry.help});
  return games;
}

}  // namespace tengen::envs
