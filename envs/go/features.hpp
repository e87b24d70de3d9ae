// The 17 planes of AlphaGo Zero (Silver et al. 2017, "Neural network architecture"):
// channels 0-7 the mover's stones now and after each of the 7 plies before, 8-15 the opponent's
// likewise, 16 ones if Black is to move. Positions before the start are zeros.
#pragma once

#include <span>

namespace tengen::envs::go {

class GoState;

inline constexpr int kHistoryPositions = 8;
inline constexpr int kNumPlanes = 2 * kHistoryPositions + 1;

/// Writes height * width * 17 floats, [H, W, C].
void write_zero_planes(const GoState& state, std::span<float> out);

}  // namespace tengen::envs::go
