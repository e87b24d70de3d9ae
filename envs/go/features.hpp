// What nets see of a Go position, by feature set (rules.hpp).
//
//   zero   17 planes of AlphaGo Zero (Silver et al. 2017, "Neural network architecture"): channels
//          0-7 the mover's stones now and after each of the 7 plies before, 8-15 the opponent's
//          likewise, 16 ones if Black is to move.
//   leela  18 planes of Leela Zero: the same, and 17 ones if White is to move.
//
// Positions before the start are zeros.
#pragma once

#include <span>

#include "envs/go/rules.hpp"

namespace tengen::envs::go {

class GoState;

inline constexpr int kHistoryPositions = 8;
inline constexpr int kStonePlanes = 2 * kHistoryPositions;

constexpr int num_planes(Features features) {
  return kStonePlanes + (features == Features::kLeela ? 2 : 1);
}

/// Writes height * width * num_planes floats, [H, W, C].
void write_planes(const GoState& state, std::span<float> out);

}  // namespace tengen::envs::go
