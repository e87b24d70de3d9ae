// The order in which an epoch visits a dataset: a permutation that depends on the seed and the
// number of the epoch alone, cut into batches. A resumed run goes on in the middle of an epoch.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tengen {

class Epoch {
 public:
  /// `size` examples in batches of `batch`; the last batch may be smaller. Throws
  /// std::invalid_argument without examples or with an empty batch.
  Epoch(std::int64_t size, std::int64_t batch, std::uint64_t seed, std::uint64_t number);

  /// Examples in a given order, for those that follow one another. Throws likewise.
  Epoch(std::vector<std::uint32_t> order, std::int64_t batch);

  std::int64_t batches() const;
  /// The examples of batch `index`.
  std::span<const std::uint32_t> indices(std::int64_t index) const;

 private:
  std::vector<std::uint32_t> order_;
  std::int64_t batch_;
};

}  // namespace tengen
