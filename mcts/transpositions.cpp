#include "mcts/transpositions.hpp"

#include <algorithm>
#include <bit>
#include <new>

namespace tengen::mcts {

// From calloc: of a table of gigabytes only the pages that are written to take memory and time.
void Transpositions::set_max_bytes(std::size_t max_bytes) {
  constexpr std::size_t kMostSlots = std::size_t{1} << 31;
  size_ = std::min(std::bit_floor(max_bytes / (sizeof(Slot) + sizeof(used_[0]))), kMostSlots);
  slots_.reset();
  used_ = {};
  if (size_ == 0) return;
  slots_.reset(static_cast<Slot*>(std::calloc(size_, sizeof(Slot))));
  if (!slots_) throw std::bad_alloc();
}

void Transpositions::clear() {
  for (const std::uint32_t index : used_) slots_[index] = {};
  used_.clear();
}

Link Transpositions::find(std::uint64_t key) const {
  if (size_ == 0) return kNoLink;
  const Slot& slot = slots_[key & (size_ - 1)];
  return slot.key == key ? slot.link : kNoLink;
}

void Transpositions::remember(std::uint64_t key, Link link) {
  if (size_ == 0) return;
  const std::size_t index = key & (size_ - 1);
  if (slots_[index].link == kNoLink) used_.push_back(static_cast<std::uint32_t>(index));
  slots_[index] = {key, link};
}

}  // namespace tengen::mcts
