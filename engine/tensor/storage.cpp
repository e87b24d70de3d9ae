#include "engine/tensor/storage.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tengen {

namespace {

thread_local StorageBudget* budget = nullptr;  // the innermost one of this thread
thread_local bool shapes_only = false;         // this thread has a ShapesOnly

constexpr int kNoFill = -1;
std::atomic<int> fill{kNoFill};  // the value of the newest StorageFill

class BlockCache {
 public:
  /// A cached block of exactly this size, or null.
  void* take(std::size_t bytes) {
    std::lock_guard lock(mutex_);
    const auto it = blocks_.find(bytes);
    if (it == blocks_.end() || it->second.empty()) return nullptr;
    void* block = it->second.back();
    it->second.pop_back();
    cached_bytes_ -= bytes;
    return block;
  }

  void give(void* block, std::size_t bytes) {
    std::lock_guard lock(mutex_);
    if (cached_bytes_ + bytes > kMaxCachedBytes) free_all();
    blocks_[bytes].push_back(block);
    cached_bytes_ += bytes;
  }

  void release() {
    std::lock_guard lock(mutex_);
    free_all();
  }

  std::size_t cached_bytes() const {
    std::lock_guard lock(mutex_);
    return cached_bytes_;
  }

 private:
  void free_all() {
    for (auto& [bytes, blocks] : blocks_)
      for (void* block : blocks) std::free(block);
    blocks_.clear();
    cached_bytes_ = 0;
  }

  mutable std::mutex mutex_;  // guards everything below
  std::unordered_map<std::size_t, std::vector<void*>> blocks_;
  std::size_t cached_bytes_ = 0;
};

// Never destroyed: tensors with static lifetime may be freed after any static object.
BlockCache& cache() {
  static BlockCache& instance = *new BlockCache;
  return instance;
}

/// Cached sizes are whole multiples of the smallest one, so that near-equal sizes share blocks.
std::size_t round_up(std::size_t bytes) {
  const std::size_t unit = bytes < kMinCachedBytes ? kStorageAlignment : kMinCachedBytes;
  return bytes == 0 ? unit : (bytes + unit - 1) / unit * unit;
}

bool is_cacheable(std::size_t bytes) {
  return bytes >= kMinCachedBytes && bytes <= kMaxCachedBytes / 4;
}

void free_block(std::byte* block, std::size_t bytes) {
  if (is_cacheable(bytes))
    cache().give(block, bytes);
  else
    std::free(block);
}

}  // namespace

StorageBudget::StorageBudget(std::size_t bytes) : left_(bytes), outer_(budget) { budget = this; }

StorageBudget::~StorageBudget() { budget = outer_; }

ShapesOnly::ShapesOnly() : outer_(std::exchange(shapes_only, true)) {}

ShapesOnly::~ShapesOnly() { shapes_only = outer_; }

StorageFill::StorageFill(std::optional<std::byte> value)
    : outer_(fill.exchange(value ? std::to_integer<int>(*value) : kNoFill)) {}

StorageFill::~StorageFill() { fill = outer_; }

std::shared_ptr<std::byte[]> allocate_storage(std::size_t bytes) {
  if (shapes_only) {
    static std::byte nothing;
    return {std::shared_ptr<std::byte[]>(), &nothing};
  }
  if (budget) {
    if (bytes > budget->left_) throw StorageBudgetExceeded("the tensors take more than allowed");
    budget->left_ -= bytes;
  }
  const std::size_t rounded = round_up(bytes);
  void* block = is_cacheable(rounded) ? cache().take(rounded) : nullptr;
  if (!block) block = std::aligned_alloc(kStorageAlignment, rounded);
  if (!block) throw std::bad_alloc();
  if (const int value = fill.load(std::memory_order_relaxed); value != kNoFill)
    std::memset(block, value, rounded);
  return {static_cast<std::byte*>(block),
          [rounded](std::byte* freed) { free_block(freed, rounded); }};
}

std::size_t cached_storage_bytes() { return cache().cached_bytes(); }

void release_cached_storage() { cache().release(); }

}  // namespace tengen
