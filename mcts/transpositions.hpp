// Which node of a tree stands for a position, by the position's key: so that paths that meet share
// what is below (graph.hpp).
//
// A table of slots, each for all keys with the same low bits; the newest takes the slot. What is
// lost is only that a position may get a second node. The slots in use are listed, so that a large
// table costs no more than what is in it.
// Thread safety: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
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
    std::erase_if(used_, [&](std::uint32_t index) {
      slots_[index].link = moved(slots_[index].link);
      return slots_[index].link == kNoLink;
    });
  }

 private:
  struct Slot {
    std::uint64_t key;
    Link link;  // kNoLink: empty
  };
  struct Free {
    void operator()(Slot* slots) const { std::free(slots); }
  };

  std::unique_ptr<Slot[], Free> slots_;
  std::size_t size_ = 0;
  std::vector<std::uint32_t> used_;  // numbers of the slots that are not empty
};

}  // namespace tengen::mcts
