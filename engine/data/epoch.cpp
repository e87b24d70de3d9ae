#include "engine/data/epoch.hpp"

#include <algorithm>
#include <numeric>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"

namespace tengen {

Epoch::Epoch(std::int64_t size, std::int64_t batch, std::uint64_t seed, std::uint64_t number)
    : batch_(batch) {
  if (size < 1 || batch < 1)
    bad_argument("Epoch", "expected examples and a batch of at least 1, got {} and {}", size,
                 batch);
  order_.resize(static_cast<std::size_t>(size));
  std::iota(order_.begin(), order_.end(), 0u);
  Rng rng = Rng(seed).split(number);
  rng.shuffle(std::span(order_));
}

std::int64_t Epoch::batches() const {
  return (static_cast<std::int64_t>(order_.size()) + batch_ - 1) / batch_;
}

std::span<const std::uint32_t> Epoch::indices(std::int64_t index) const {
  const auto begin = static_cast<std::size_t>(index * batch_);
  return std::span(order_).subspan(
      begin, std::min(order_.size() - begin, static_cast<std::size_t>(batch_)));
}

}  // namespace tengen
