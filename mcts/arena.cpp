#include "mcts/arena.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/check.hpp"

namespace tengen::mcts {

void Arena::set_limit(std::size_t max_bytes) {
  constexpr std::size_t kReach = (std::size_t{1} << 31) * kUnitBytes - kSlabBytes;
  max_bytes_ = std::min(max_bytes, kReach);
  refused_ = false;
  list_free();
}

/// As many as two generations need.
std::size_t Arena::places() const { return 2 * ((max_bytes_ + kSlabBytes - 1) / kSlabBytes); }

/// After a change of the limit. Memory of places that it no longer has is given back.
void Arena::list_free() {
  slabs_.resize(std::max(places(), slabs_.size()));
  is_old_slab_.resize(slabs_.size());
  std::vector<bool> used(slabs_.size());
  for (const Generation* generation : {&current_, &old_})
    for (const std::size_t slab : generation->slabs) used[slab] = true;
  free_.clear();
  for (std::size_t slab = slabs_.size(); slab-- > 0;)
    if (!used[slab]) release_slab(slab);
}

void Arena::release_slab(std::size_t slab) {
  is_old_slab_[slab] = false;
  if (slab < places())
    free_.push_back(slab);
  else
    slabs_[slab].reset();
}

bool Arena::refill(Cursor& cursor, Link units) {
  const std::lock_guard lock(mutex_);
  const std::size_t left = max_bytes_ - std::min(max_bytes_, current_.bytes);
  const std::size_t bytes = free_.empty() ? 0 : std::min(kSlabBytes, left);
  const Link reserved = !free_.empty() && free_.back() == 0 ? kFirstLink : 0;
  const Link end = static_cast<Link>(bytes / kUnitBytes);
  if (end < reserved + units) {
    refused_ = true;
    return false;
  }

  const std::size_t slab = free_.back();
  free_.pop_back();
  if (!slabs_[slab]) slabs_[slab] = std::make_unique_for_overwrite<Slab>();
  current_.slabs.push_back(slab);
  current_.bytes += bytes;
  const Link base = static_cast<Link>(slab * kSlabUnits);
  cursor = {base + reserved, base + end};
  return true;
}

void Arena::clear() {
  release(old_);
  release(current_);
  refused_ = false;
}

void Arena::begin_generation() {
  CHECK_INVARIANT(!has_old());
  std::swap(current_, old_);
  for (const std::size_t slab : old_.slabs) is_old_slab_[slab] = true;
  refused_ = false;
}

void Arena::drop_old() { release(old_); }

/// The slabs become free, the first one to be the next.
void Arena::release(Generation& generation) {
  for (; !generation.slabs.empty(); generation.slabs.pop_back())
    release_slab(generation.slabs.back());
  generation.bytes = 0;
}

}  // namespace tengen::mcts
