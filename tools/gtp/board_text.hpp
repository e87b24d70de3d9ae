// The position as boards of words, which GoGui draws: rows from the top, words with a space
// between them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/gtp/session.hpp"

namespace tengen::gtp {

/// Calls `word` for each cell, row * width + column; rows from the top.
std::string board_of(const Session& session, const std::function<std::string(int cell)>& word);

/// "X", "O" and "." of any game with stones on points: Go, and games whose State::to_string()
/// draws rows of these characters. Failure for other pictures.
std::string stones_board(const Session& session);

/// A GoGui colour for a share in [0, 1], "#rrggbb", from pale to red; "\"\"" (no colour) below 0.
std::string heat_colour(double share);

}  // namespace tengen::gtp
