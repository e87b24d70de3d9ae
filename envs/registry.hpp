// The one table of games. make_game("go:size=9,komi=7.5") makes any of them from a description.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/spec.hpp"
#include "envs/game.hpp"

namespace tengen::envs {

/// Throws std::invalid_argument that lists the known games, or names the wrong option.
std::shared_ptr<const Game> make_game(std::string_view spec);
/// The game that `spec` names, of its own options; others stay for the caller, who ends with
/// spec.finish().
std::shared_ptr<const Game> make_game(Spec& spec);

struct GameInfo {
  std::string name, help;  // help: its options with defaults, one line
};
std::vector<GameInfo> known_games();

}  // namespace tengen::envs
