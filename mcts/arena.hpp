// Memory of a search tree: blocks that are never freed one by one, named by 32-bit links.
//
// A link counts units of 32 bytes, so an edge never straddles a cache line and 32 bits reach
// 128 GiB. Memory is taken from the system in slabs, up to a hard limit, and kept for reuse by
// clear(). Slabs are not zeroed: pages that are not used cost nothing.
// Thread safety: each thread allocates through its own Cursor, a slab at a time; taking a slab
// locks a mutex. at() needs no lock: a thread learns a link only from an acquire load of what the
// allocating thread released. clear() and set_limit() need every other thread to keep away.
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

  /// What is in use stays, even above a lower limit.
  void set_limit(std::size_t max_bytes);
  std::size_t limit() const { return max_bytes_; }
  /// An allocation failed since clear() or set_limit().
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
  void clear() { slabs_in_use_ = 0, bytes_in_use_ = 0, refused_ = false; }

  /// Bytes of the slabs handed to cursors since clear().
  std::size_t bytes_in_use() const { return bytes_in_use_; }

  friend void swap(Arena& a, Arena& b) noexcept;

 private:
  static constexpr Link kSlabUnits = kSlabBytes / kUnitBytes;
  struct alignas(64) Slab {
    std::byte bytes[kSlabBytes];
  };

  bool refill(Cursor& cursor, Link units);

  std::size_t max_bytes_ = 0;
  std::mutex mutex_;                          // guards the growth of the fields below
  std::vector<std::unique_ptr<Slab>> slabs_;  // sized for the limit; null where never needed
  std::size_t slabs_in_use_ = 0;
  std::size_t bytes_in_use_ = 0;
  std::atomic<bool> refused_ = false;  // relaxed: looked at between batches
};

}  // namespace tengen::mcts
