#include "envs/go/history.hpp"

#include <algorithm>
#include <bit>

#include "engine/base/check.hpp"
#include "engine/base/hash.hpp"

namespace tengen::envs::go {

namespace {

/// A filter with more positions for each of its words has too many false alarms: its size doubles.
constexpr std::size_t kMostPerWord = 8;

}  // namespace

PositionHistory::PositionHistory(int area) {
  const auto words = std::bit_ceil(static_cast<std::uint64_t>(area + 3) / 4);
  filter_.resize(words);
  word_mask_ = words - 1;
}

void PositionHistory::push(std::uint64_t hash) {
  if (!contains(hash)) set_hash_ ^= mix64(hash);
  filter_[word_of(hash)] |= bits_of(hash);
  hashes_.push_back(hash);
  if (hashes_.size() <= kMostPerWord * filter_.size()) return;
  filter_.resize(2 * filter_.size());
  word_mask_ = filter_.size() - 1;
  fill_filter();
}

void PositionHistory::fill_filter() {
  std::fill(filter_.begin(), filter_.end(), 0);
  for (const std::uint64_t hash : hashes_) filter_[word_of(hash)] |= bits_of(hash);
}

void PositionHistory::pop() {
  CHECK_INVARIANT(!hashes_.empty());
  const std::uint64_t hash = hashes_.back();
  hashes_.pop_back();
  if (!scan(hash)) set_hash_ ^= mix64(hash);
  fill_filter();
}

void PositionHistory::clear() {
  hashes_.clear();
  std::fill(filter_.begin(), filter_.end(), 0);
  set_hash_ = 0;
}

bool PositionHistory::scan(std::uint64_t hash) const {
  return std::find(hashes_.begin(), hashes_.end(), hash) != hashes_.end();
}

}  // namespace tengen::envs::go
