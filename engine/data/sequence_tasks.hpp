// Small generated tasks for recurrent nets, with known answers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/tensor/tensor.hpp"

namespace tengen {

struct SequenceBatch {
  Tensor inputs;   // [T, N, D]
  Tensor targets;  // [T, N, K]
};

/// The sequences of these indices, in their order.
SequenceBatch gather(const SequenceBatch& data, std::span<const std::uint32_t> indices);

/// Adding two numbers of `bits` - 1 bits, the lowest bit first: at each step a bit of each number
/// [T, N, 2] -> a bit of the sum [T, N, 1]. The net has to carry. Numbers are drawn uniformly.
SequenceBatch binary_addition(int bits, std::int64_t batch, Rng& rng);

/// `points` samples of sin over `periods` periods, cut into windows of `length`: each window's
/// points [length, N, 1] -> the point after each of them [length, N, 1]; N = points - length.
SequenceBatch sine_windows(int points, double periods, int length);

}  // namespace tengen
