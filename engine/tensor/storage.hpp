// Memory of tensors: blocks aligned to 64 bytes, kept for reuse when they are freed.
//
// A training step allocates and frees the same multi-megabyte blocks each time. Handed back to the
// system they would be paged in and zeroed anew at every step, which costs about as much as an
// elementwise op on them. So a freed block waits in a cache, by size, for the next tensor of that
// size. The cache is bounded: a block that would take it over kMaxCachedBytes empties it first, so
// sizes that are no longer used do not stay for ever. Small blocks are left to malloc. Thread
// safety: any thread may allocate and free.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>

namespace tengen {

inline constexpr std::size_t kStorageAlignment = 64;
inline constexpr std::size_t kMinCachedBytes = std::size_t{64} << 10;
inline constexpr std::size_t kMaxCachedBytes = std::size_t{1} << 30;

/// At least `bytes` uninitialised bytes (never null, also for 0), under ShapesOnly none: a pointer
/// that nothing owns. Throws std::bad_alloc, and StorageBudgetExceeded.
std::shared_ptr<std::byte[]> allocate_storage(std::size_t bytes);

/// While one exists, the tensors that its thread makes may take so many bytes in sum (also those
/// freed meanwhile); the allocation that would take more throws StorageBudgetExceeded. For building
/// what an untrusted file describes. May be nested: the innermost counts.
class StorageBudget {
 public:
  explicit StorageBudget(std::size_t bytes);
  ~StorageBudget();
  StorageBudget(const StorageBudget&) = delete;
  StorageBudget& operator=(const StorageBudget&) = delete;

 private:
  friend std::shared_ptr<std::byte[]> allocate_storage(std::size_t bytes);
  std::size_t left_;
  StorageBudget* const outer_;
};

struct StorageBudgetExceeded : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// While one exists, the tensors that its thread makes have a shape and no numbers: they take no
/// memory, Tensor::values() is empty, and what fills or copies them does nothing. For describing
/// what would be slow or impossible to make; nothing can be computed with such a tensor. May be
/// nested.
class ShapesOnly {
 public:
  ShapesOnly();
  ~ShapesOnly();
  ShapesOnly(const ShapesOnly&) = delete;
  ShapesOnly& operator=(const ShapesOnly&) = delete;

 private:
  const bool outer_;
};

/// While one exists, every byte of a block is `value` when it is handed out, on any thread
/// (nullopt: whatever it was). The newest counts; the last made is the first to end. For tests: a
/// freed block comes back with its old numbers, which may be just those that a kernel failed to
/// write.
class StorageFill {
 public:
  explicit StorageFill(std::optional<std::byte> value);
  ~StorageFill();
  StorageFill(const StorageFill&) = delete;
  StorageFill& operator=(const StorageFill&) = delete;

 private:
  const int outer_;
};

/// Bytes that wait in the cache now.
std::size_t cached_storage_bytes();

/// Gives every cached block back to the system.
void release_cached_storage();

}  // namespace tengen
