#include "mcts/arena.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

using namespace tengen::mcts;

TEST_CASE("Blocks of an arena do not overlap", "[mcts][arena]") {
  Arena arena(4 * Arena::kSlabBytes);
  Arena::Cursor cursor;
  std::vector<Link> links;
  for (Link link; (link = arena.allocate(cursor, 5000)) != kNoLink; links.push_back(link))
    std::memset(arena.at(link), static_cast<int>(links.size() % 251), 5000);
  CHECK(links.size() == 4 * (Arena::kSlabBytes / 5024));
  for (std::size_t i = 0; i < links.size(); ++i)
    for (int b : {0, 2500, 4999}) CHECK(arena.at(links[i])[b] == std::byte(i % 251));
}

TEST_CASE("An arena never exceeds its limit and never gives out reserved links", "[mcts][arena]") {
  const std::size_t limit = GENERATE(0, 64, 96, 1000, 300000);
  Arena arena(limit);
  Arena::Cursor a, b;
  std::size_t given = 0;
  for (Arena::Cursor* cursor : {&a, &b})
    for (Link link; (link = arena.allocate(*cursor, 32)) != kNoLink; given += 32)
      REQUIRE(link >= kFirstLink);
  CHECK(given <= limit);
  CHECK(arena.bytes_in_use() <= limit);
  CHECK((limit < 96 || given > 0));
}

TEST_CASE("A cleared arena gives out its memory again", "[mcts][arena]") {
  Arena arena(Arena::kSlabBytes);
  Arena::Cursor cursor;
  const Link first = arena.allocate(cursor, 1000);
  arena.clear();
  cursor = {};
  CHECK(arena.bytes_in_use() == 0);
  CHECK(arena.allocate(cursor, 1000) == first);
}

TEST_CASE("Old blocks stay beside new ones until they are dropped", "[mcts][arena]") {
  constexpr std::size_t kLimit = 3 * Arena::kSlabBytes;
  Arena arena(kLimit);
  const auto fill = [&arena](int value) {
    std::vector<Link> links;
    Arena::Cursor cursor;
    for (Link link; (link = arena.allocate(cursor, 5000)) != kNoLink; links.push_back(link))
      std::memset(arena.at(link), value, 5000);
    return links;
  };
  std::vector<Link> old = fill(1);
  for (int generation = 2; generation < 6; ++generation) {
    arena.begin_generation();
    CHECK_FALSE(arena.refused());
    const std::vector<Link> links = fill(generation);
    CHECK(arena.refused());
    CHECK(links.size() == old.size());
    CHECK(arena.bytes_in_use() == 2 * kLimit);
    for (const Link link : links) REQUIRE_FALSE(arena.is_old(link));
    for (const Link link : old) {
      REQUIRE(arena.is_old(link));
      REQUIRE(arena.at(link)[4999] == std::byte(generation - 1));
    }
    arena.drop_old();
    CHECK(arena.bytes_in_use() == kLimit);
    CHECK_FALSE(arena.has_old());
    old = links;
  }
}

TEST_CASE("What lies above a lowered limit stays until it is dropped", "[mcts][arena]") {
  Arena arena(4 * Arena::kSlabBytes);
  Arena::Cursor cursor;
  std::vector<Link> links;
  while (links.empty() || links.back() != kNoLink) links.push_back(arena.allocate(cursor, 5000));
  links.pop_back();
  for (const Link link : links) std::memset(arena.at(link), 7, 5000);
  arena.set_limit(Arena::kSlabBytes);
  arena.begin_generation();
  cursor = {};
  while (arena.allocate(cursor, 5000) != kNoLink) {
  }
  for (const Link link : links) REQUIRE(arena.at(link)[4999] == std::byte(7));
  arena.drop_old();
  CHECK(arena.bytes_in_use() <= Arena::kSlabBytes);
}
