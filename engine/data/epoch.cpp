#include "engine/data/epoch.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"

namespace tengen {

namespace {

std::vector<std::uint32_t> shuffled(std::int64_t size, std::uint64_t seed, std::uint64_t number) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(std::max<std::int64_t>(size, 0)));
  std::iota(order.begin(), order.end(), 0u);
  Rng rng = Rng(seed).split(number);
  rng.shuffle(std::span(order));
  return order;
}

}  // namespace

Epoch::Epoch(std::int64_t size, std::int64_t batch, std::uint64_t seed, std::uint64_t number)
    : Epoch(shuffled(size, seed, number), batch) {}

Epoch::Epoch(std::vector<std::uint32_t> order, std::int64_t batch)
    : order_(std::move(order)), batch_(batch) {
  if (order_.empty() || batch < 1)
    bad_argument("Epoch", "expected examples and a batch of at least 1, got {} and {}",
                 order_.size(), batch);
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
