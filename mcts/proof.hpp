// Game-theoretic values that the search has proved (MCTS-Solver: Winands, Björnsson and Saito,
// "Monte-Carlo Tree Search Solver", 2008; with draws). Each use says whose value it is.
#pragma once

#include <cstdint>

namespace tengen::mcts {

enum class Proof : std::uint8_t { unknown, win, loss, draw };

/// The same outcome seen by the other player.
constexpr Proof flipped(Proof proof) {
  if (proof == Proof::win) return Proof::loss;
  if (proof == Proof::loss) return Proof::win;
  return proof;
}

/// Value of a known proof for the player whose proof it is; 0 for a draw.
constexpr float proof_value(Proof proof) {
  return proof == Proof::win ? 1.0f : proof == Proof::loss ? -1.0f : 0.0f;
}

/// The proof that a terminal result (State::returns) is, for the same player.
constexpr Proof proof_of_result(float result) {
  return result > 0 ? Proof::win : result < 0 ? Proof::loss : Proof::draw;
}

}  // namespace tengen::mcts
