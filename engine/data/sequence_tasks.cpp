#include "engine/data/sequence_tasks.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/base/error.hpp"

namespace tengen {

namespace {

/// x [T, N, D] -> [T, count, D].
Tensor gather_columns(const Tensor& x, std::span<const std::uint32_t> indices) {
  const auto count = static_cast<std::int64_t>(indices.size());
  const std::int64_t steps = x.dim(0), sequences = x.dim(1), width = x.dim(2);
  Tensor picked({steps, count, width});
  float* to = picked.values<float>().data();
  for (std::int64_t t = 0; t < steps; ++t)
    for (const std::uint32_t index : indices)
      to = std::copy_n(x.values<float>().data() + (t * sequences + index) * width, width, to);
  return picked;
}

}  // namespace

SequenceBatch gather(const SequenceBatch& data, std::span<const std::uint32_t> indices) {
  return {gather_columns(data.inputs, indices), gather_columns(data.targets, indices)};
}

SequenceBatch binary_addition(int bits, std::int64_t batch, Rng& rng) {
  if (bits < 2 || bits > 31 || batch < 1)
    bad_argument("binary_addition", "expected 2 to 31 bits and a batch, got {} and {}", bits,
                 batch);
  SequenceBatch task{Tensor({bits, batch, 2}), Tensor({bits, batch, 1})};
  float* inputs = task.inputs.values<float>().data();
  float* targets = task.targets.values<float>().data();
  for (std::int64_t n = 0; n < batch; ++n) {
    const std::uint32_t a = rng.below(1u << (bits - 1)), b = rng.below(1u << (bits - 1));
    for (int t = 0; t < bits; ++t) {
      inputs[(t * batch + n) * 2] = static_cast<float>(a >> t & 1);
      inputs[(t * batch + n) * 2 + 1] = static_cast<float>(b >> t & 1);
      targets[t * batch + n] = static_cast<float>((a + b) >> t & 1);
    }
  }
  return task;
}

SequenceBatch sine_windows(int points, double periods, int length) {
  if (length < 1 || points <= length)
    bad_argument("sine_windows", "expected more points than a window's length, got {} and {}",
                 points, length);
  const int windows = points - length;
  const auto sample = [&](int index) {
    return static_cast<float>(std::sin(2 * std::numbers::pi * periods * index / (points - 1)));
  };
  SequenceBatch task{Tensor({length, windows, 1}), Tensor({length, windows, 1})};
  for (int t = 0; t < length; ++t)
    for (int n = 0; n < windows; ++n) {
      task.inputs.values<float>()[t * windows + n] = sample(n + t);
      task.targets.values<float>()[t * windows + n] = sample(n + t + 1);
    }
  return task;
}

}  // namespace tengen
