// tengen games: what can be played.
#include <iostream>

#include "envs/registry.hpp"
#include "tools/commands.hpp"
#include "tools/options.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

constexpr const char* kFooter =
    "A game is NAME or NAME:OPTION=VALUE,OPTION=VALUE.\n"
    "Examples:\n"
    "  tengen games\n"
    "  tengen train runs/go7 --game go:size=7,komi=8.5";

int list_games() {
  TextTable table({"<game", "<options and defaults"});
  for (const envs::GameInfo& game : envs::known_games()) table.add({game.name, game.help});
  std::cout << table.to_string();
  return 0;
}

}  // namespace

void add_games_command(Command& root) {
  root.add_command("games", "list the games and their options", kFooter).action(list_games);
}

}  // namespace tengen::tools
