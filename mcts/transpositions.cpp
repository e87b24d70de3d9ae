#include "mcts/transpositions.hpp"

#include <algorithm>
#include <bit>

namespace tengen::mcts {

void Transpositions::set_max_bytes(std::size_t max_bytes) {
  slots_ = std::vector<Slot>(std::bit_floor(max_bytes / sizeof(Slot)));
}

void Transpositions::clear() { std::fill(slots_.begin(), slots_.end(), Slot{}); }

Link Transpositions::find(std::uint64_t key) const {
  if (slots_.empty()) return kNoLink;
  const Slot& slot = slots_[key & (slots_.size() - 1)];
  return slot.key == key ? slot.link : kNoLink;
}

void Transpositions::remember(std::uint64_t key, Link link) {
  if (!slots_.empty()) slots_[key & (slots_.size() - 1)] = {key, link};
}

}  // namespace tengen::mcts
