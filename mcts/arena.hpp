// Memory of a search tree: blocks that are never freed one by one, named by 32-bit links.
//
// A link counts units of 32 bytes, so an edge never straddles a cache line and 32 bits reach
// 128 GiB. Memory is taken from the system in slabs, up to a hard limit, and kept for reuse by
// clear(). Slabs are not zeroed: pages that are not used cost nothing.
//
// For a copy of what is worth keeping, begin_generation() makes all blocks old ones; they stay
// where they are, beside the new ones, until drop_old(). The limit is that of one generation.
//
// Thread safety: each thread allocates through its own Cursor, a slab at a time; taking a slab
// locks a mutex. at() needs no lock: a thread learns a link only from an acquire load of what the
// allocating thread released. What is not const needs every other thread to keep away, allocate()
// excepted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace tengen::mcts {

using Link = std::uint32_t;
inline constexpr Link kNoLink = 0;
/// Links below this one are never given out: they can serve as marks.
inline constexpr Link kFirstLink = 2;

class Arena {
 public:
  static constexpr std::size_t kUnitBytes = 32;
  static constexpr std::size_t kSlabBytes = std::size_t{256} << 10;

  /// The unused rest of one thread's slab, in units.
  struct alignas(64) Cursor {
    Link next = 0, end = 0;
  };

  explicit Arena(std::size_t max_bytes) { set_limit(max_bytes); }

  /// Of one generation. What is in use stays, even above a lower limit.
  void set_limit(std::size_t max_bytes);
  std::size_t limit() const { return max_bytes_; }
  /// An allocation failed since clear(), set_limit() or begin_generation().
  bool refused() const { return refused_.load(std::memory_order_relaxed); }

  /// Uninitialised memory, or kNoLink at the limit. bytes <= kSlabBytes - kFirstLink * kUnitBytes.
  Link allocate(Cursor& cursor, std::size_t bytes) {
    const Link units = static_cast<Link>((bytes + kUnitBytes - 1) / kUnitBytes);
    if (cursor.end - cursor.next < units && !refill(cursor, units)) return kNoLink;
    const Link link = cursor.next;
    cursor.next += units;
    return link;
  }

  std::byte* at(Link link) const {
    return slabs_[link / kSlabUnits]->bytes + link % kSlabUnits * kUnitBytes;
  }

  /// Forgets all blocks and keeps the slabs. Every cursor must be reset.
  void clear();

  /// Makes all blocks old. There must be no old ones before. Every cursor must be reset.
  void begin_generation();
  bool has_old() const { return !old_.slabs.empty(); }
  bool is_old(Link link) const { return is_old_slab_[link / kSlabUnits]; }
  /// Forgets the old blocks and keeps their slabs.
  void drop_old();

  /// Bytes of the slabs handed to cursors, of both generations.
  std::size_t bytes_in_use() const { return current_.bytes + old_.bytes; }

 private:
  static constexpr Link kSlabUnits = kSlabBytes / kUnitBytes;
  struct alignas(64) Slab {
    std::byte bytes[kSlabBytes];
  };

  /// What its blocks lie in: indices of slabs_.
  struct Generation {
    std::vector<std::size_t> slabs;
    std::size_t bytes = 0;
  };

  bool refill(Cursor& cursor, Link units);
  void release(Generation& generation);
  std::size_t places() const;
  void list_free();
  void release_slab(std::size_t slab);

  std::size_t max_bytes_ = 0;
  std::mutex mutex_;  // guards refill()'s changes of the fields below
  /// For two generations at least, refill() never resizes it; null where never needed.
  std::vector<std::unique_ptr<Slab>> slabs_;
  std::vector<bool> is_old_slab_;
  std::vector<std::size_t> free_;  // the next one last
  Generation current_, old_;
  std::atomic<bool> refused_ = false;  // relaxed: looked at between batches
};

}  // namespace tengen::mcts
