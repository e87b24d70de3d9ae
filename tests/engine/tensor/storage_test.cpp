#include "engine/tensor/storage.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "engine/tensor/tensor.hpp"

using namespace tengen;

TEST_CASE("Storage of any size is aligned to 64 bytes", "[engine][tensor][storage]") {
  for (std::size_t bytes : {0u, 1u, 63u, 64u, 65u, 65535u, 65536u, 65537u, 5000000u}) {
    const auto storage = allocate_storage(bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(storage.get()) % kStorageAlignment == 0);
    std::memset(storage.get(), 0x5a, bytes);  // seen by the address sanitizer if it is too small
  }
}

TEST_CASE("A freed block is used again by the next tensor of its size",
          "[engine][tensor][storage]") {
  release_cached_storage();
  const void* block = nullptr;
  {
    const Tensor tensor({1 << 20});
    block = tensor.data();
    CHECK(cached_storage_bytes() == 0);
  }
  CHECK(cached_storage_bytes() == 4 << 20);
  const Tensor other_size({3 << 20});
  CHECK(other_size.data() != block);
  const Tensor same_size({1 << 20});
  CHECK(same_size.data() == block);
  CHECK(cached_storage_bytes() == 0);
}

TEST_CASE("Small blocks are not kept and release empties the cache", "[engine][tensor][storage]") {
  release_cached_storage();
  { const Tensor small({16}); }
  CHECK(cached_storage_bytes() == 0);
  { const Tensor large({1 << 20}); }
  CHECK(cached_storage_bytes() > 0);
  release_cached_storage();
  CHECK(cached_storage_bytes() == 0);
}

TEST_CASE("The cache of freed blocks stays within its bound", "[engine][tensor][storage]") {
  release_cached_storage();
  constexpr std::size_t kBlock = kMaxCachedBytes / 8;
  std::vector<std::shared_ptr<std::byte[]>> blocks;
  for (int i = 0; i < 12; ++i) blocks.push_back(allocate_storage(kBlock));  // never touched
  while (!blocks.empty()) {
    blocks.pop_back();
    CHECK(cached_storage_bytes() <= kMaxCachedBytes);
  }
  release_cached_storage();
}

TEST_CASE("Threads allocate and free at once without sharing a block",
          "[engine][tensor][storage][threads]") {
  const auto work = [](std::int32_t mark, bool& intact) {
    for (int round = 0; round < 200; ++round) {
      const Tensor tensor = Tensor::full({20000}, mark, DType::i32);
      for (std::int32_t value : tensor.values<std::int32_t>()) intact = intact && value == mark;
    }
  };
  bool intact[4] = {true, true, true, true};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work, i, std::ref(intact[i]));
  for (std::thread& thread : threads) thread.join();
  for (bool ok : intact) CHECK(ok);
}

TEST_CASE("A budget limits what one thread allocates while it exists",
          "[engine][tensor][storage]") {
  {
    const StorageBudget budget(1000);
    CHECK_NOTHROW(Tensor({100}));
    CHECK_NOTHROW(Tensor({150}));
    CHECK_THROWS_AS(Tensor({1}), StorageBudgetExceeded);  // those freed count as well
    {
      const StorageBudget inner(8);
      CHECK_NOTHROW(Tensor({2}));
    }
    CHECK_THROWS_AS(Tensor({1}), StorageBudgetExceeded);
    std::thread([] { Tensor other({1000}); }).join();
  }
  CHECK_NOTHROW(Tensor({1000}));
}
