#include "mcts/arena.hpp"

#include <algorithm>
#include <utility>

namespace tengen::mcts {

void Arena::set_limit(std::size_t max_bytes) {
  constexpr std::size_t kReach = (std::size_t{1} << 32) * kUnitBytes - kSlabBytes;
  max_bytes_ = std::min(max_bytes, kReach);
  const std::size_t slabs = (max_bytes_ + kSlabBytes - 1) / kSlabBytes;
  slabs_.resize(std::max(slabs, slabs_in_use_));
  refused_ = false;
}

bool Arena::refill(Cursor& cursor, Link units) {
  const std::lock_guard lock(mutex_);
  const std::size_t left = max_bytes_ - std::min(max_bytes_, bytes_in_use_);
  const std::size_t bytes = std::min(kSlabBytes, left);
  const Link reserved = slabs_in_use_ == 0 ? kFirstLink : 0;
  const Link end = static_cast<Link>(bytes / kUnitBytes);
  if (end < reserved + units) {
    refused_ = true;
    return false;
  }

  const Link base = static_cast<Link>(slabs_in_use_ * kSlabUnits);
  std::unique_ptr<Slab>& slab = slabs_[slabs_in_use_];
  if (!slab) slab = std::make_unique_for_overwrite<Slab>();
  ++slabs_in_use_;
  bytes_in_use_ += bytes;
  cursor = {base + reserved, base + end};
  return true;
}

void swap(Arena& a, Arena& b) noexcept {
  std::swap(a.max_bytes_, b.max_bytes_);
  std::swap(a.slabs_, b.slabs_);
  std::swap(a.slabs_in_use_, b.slabs_in_use_);
  std::swap(a.bytes_in_use_, b.bytes_in_use_);
  a.refused_ = b.refused_.exchange(a.refused_);
}

}  // namespace tengen::mcts
