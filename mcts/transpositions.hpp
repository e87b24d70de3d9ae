// Which node of a tree stands for a position, by the position's key: so that paths that meet share
// what is below (graph.hpp).
//
// A table of slots, each for all keys with the same low bits; the newest takes the slot. What is
// lost is only that a position may get a second node.
// Thread safety: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mcts/arena.hpp"

namespace tengen::mcts {

class Transpositions {
 public:
  /// As many slots as fit, a power of two; forgets all. 0: none, nothing is ever found.
  void set_max_bytes(std::size_t max_bytes);
  void clear();

  /// kNoLink if it is not known.
  Link find(std::uint64_t key) const;
  void remember(std::uint64_t key, Link link);

  /// Replaces each link by moved(link); kNoLink forgets it.
  template <typename Moved>
  void follow(const Moved& moved) {
    for (Slot& slot : slots_)
      if (slot.link != kNoLink) slot.link = moved(slot.link);
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Link link = kNoLink;
  };
  std::vector<Slot> slots_;
};

}  // namespace tengen::mcts
