// All positions of a game, for the superko rules and for cache keys.
//
// A position may recur after a capture, and the move that repeats it need not be a capture itself
// (sending two, returning one, begun from the position with two stones). So every move is checked
// against the whole history: by the hash after it, first in a Bloom filter (two bits of one word
// per position; some 16 bits per point of the board keep false alarms rare, and the filter grows
// with games beyond any usual length), then by scanning the hashes. Before the first capture
// nothing can recur, and callers skip the check.
//
// Entries are 64-bit hashes: two different positions are taken for equal with probability 2^-64.
// Copying costs two flat copies and allocates nothing once capacity is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tengen::envs::go {

class PositionHistory {
 public:
  /// `area` of the board, for the size of the filter.
  explicit PositionHistory(int area);

  void push(std::uint64_t hash);
  /// Drops the newest entry; linear in the length.
  void pop();
  void clear();

  bool contains(std::uint64_t hash) const { return maybe_contains(hash) && scan(hash); }
  int size() const { return static_cast<int>(hashes_.size()); }
  /// Hash of the position `age` plies ago; age 0 is the newest; age < size().
  std::uint64_t recent(int age) const { return hashes_[hashes_.size() - 1 - age]; }
  /// Hash of the set of positions, whatever their order and number of occurrences.
  std::uint64_t set_hash() const { return set_hash_; }

 private:
  static std::uint64_t bits_of(std::uint64_t hash) {
    return std::uint64_t{1} << (hash & 63) | std::uint64_t{1} << (hash >> 6 & 63);
  }
  std::size_t word_of(std::uint64_t hash) const { return (hash >> 12) & word_mask_; }
  bool maybe_contains(std::uint64_t hash) const {
    return (~filter_[word_of(hash)] & bits_of(hash)) == 0;
  }
  bool scan(std::uint64_t hash) const;
  void fill_filter();

  std::vector<std::uint64_t> hashes_;  // oldest first
  std::vector<std::uint64_t> filter_;
  std::uint64_t word_mask_ = 0;
  std::uint64_t set_hash_ = 0;
};

}  // namespace tengen::envs::go
