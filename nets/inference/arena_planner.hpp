// Gives out byte ranges of an arena, lowest first, and takes them back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace tengen::nets {

class ArenaPlanner {
 public:
  static constexpr std::size_t kAlignment = 64;
  static constexpr std::size_t aligned(std::size_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
  }

  /// The offset of `bytes`, rounded up to the alignment.
  std::size_t take(std::size_t bytes) {
    bytes = aligned(bytes);
    std::size_t offset = 0;
    for (const Range& r : used_) {  // sorted by offset: first gap that fits
      if (r.offset - offset >= bytes) break;
      offset = r.offset + r.bytes;
    }
    const auto at =
        std::find_if(used_.begin(), used_.end(), [&](const Range& r) { return r.offset > offset; });
    used_.insert(at, {offset, bytes});
    peak_ = std::max(peak_, offset + bytes);
    return offset;
  }
  void give_back(std::size_t offset) {
    std::erase_if(used_, [&](const Range& r) { return r.offset == offset; });
  }
  std::size_t peak() const { return peak_; }

 private:
  struct Range {
    std::size_t offset, bytes;
  };
  std::vector<Range> used_;
  std::size_t peak_ = 0;
};

}  // namespace tengen::nets
