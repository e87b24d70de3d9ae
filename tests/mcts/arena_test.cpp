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
