// A finished game for people: every move with the board after it, side by side where that fits.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "envs/game.hpp"
#include "tools/commentary.hpp"

namespace tengen::tools {

struct ShownGame {
  std::array<std::string, 2> names;   // of players 0 and 1
  std::array<std::string, 2> labels;  // short ones: "a", "b"
  std::vector<envs::Action> actions;
  std::string result;  // the closing line
};

/// Boards in rows of as many as fit into `columns` characters.
std::string show_game(const envs::Game& game, const ShownGame& shown, const Commentary& commentary,
                      int columns = 100);

}  // namespace tengen::tools
