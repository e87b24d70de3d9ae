#include "engine/tensor/storage.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "engine/tensor/tensor.hpp"
#include "tests/support/nan_tensors.hpp"

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
  const StorageFill none(std::nullopt);
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

TEST_CASE("Shapes alone take no memory and hold no numbers", "[engine][tensor][storage]") {
  constexpr std::int64_t kHuge = std::int64_t{1} << 50;
  {
    const ShapesOnly no_numbers;
    { const ShapesOnly inner; }
    const Tensor zeros = Tensor::zeros({kHuge}), copy = Tensor::full({kHuge}, 3).clone();
    CHECK(copy.defined());
    CHECK(copy.dim(0) == kHuge);
    CHECK(copy.values<float>().empty());
    CHECK(zeros.to(DType::f64).rows(kHuge / 2, kHuge).size() == kHuge / 2);
    CHECK(zeros.rows(1, kHuge).values<float>().empty());
    CHECK(Tensor::from<float>({2}, {1, 2}).values<float>().empty());
    double elsewhere = 0;
    std::thread([&] { elsewhere = Tensor::full({1}, 2).item(); }).join();
    CHECK(elsewhere == 2);
  }
  CHECK(Tensor::full({1}, 2).item() == 2);
}

TEST_CASE("A fill replaces what a freed block held for as long as it exists",
          "[engine][tensor][storage]") {
  const auto byte_of_used_block = [] {
    Tensor::full({1 << 20}, 0x33333333, DType::i32);
    return *static_cast<const unsigned char*>(Tensor({1 << 20}).data());
  };
  const StorageFill none(std::nullopt);
  release_cached_storage();
  CHECK(byte_of_used_block() == 0x33);  // the danger
  {
    const StorageFill outer(std::byte{0x11});
    CHECK(byte_of_used_block() == 0x11);
    {
      const StorageFill inner(std::byte{0});
      CHECK(byte_of_used_block() == 0);
    }
    CHECK(byte_of_used_block() == 0x11);
  }
  CHECK(byte_of_used_block() == 0x33);
}

TEST_CASE("In these tests every new tensor is full of NaN", "[engine][tensor][storage]") {
  const DType dtype = GENERATE(DType::f32, DType::f64, DType::bf16);
  for (const std::int64_t size : {3, 70000}) {  // below and above what the cache keeps
    Tensor::full({size}, 1, dtype);             // freed at once: the next of its size may get it
    const Tensor fresh = Tensor({size}, dtype).to(DType::f64);
    CHECK(std::ranges::all_of(fresh.values<double>(), [](double x) { return std::isnan(x); }));
  }
}
