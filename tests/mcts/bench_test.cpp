#include "mcts/bench.hpp"

#include <catch2/catch.hpp>

using namespace tengen::mcts;

// To approve a change of behaviour: run the test, put the new value here in the commit that changes
// the search or a game, and name it in the commit message ("Bench: <signature>", as
// `tengen bench search` prints it for the default number of simulations).
constexpr std::uint64_t kSignatureOf500 = 0x9ce856894512ac63;

TEST_CASE("The bench signature is the approved one", "[mcts][bench]") {
  const SearchBench bench = bench_search(500);
  CHECK(bench.signature == kSignatureOf500);
  CHECK(bench.playouts > 2000);
}

TEST_CASE("The speed bench measures all that it quotes", "[mcts][bench]") {
  for (const SearchSpeed& speed : bench_speeds(200, 1)) {
    INFO(speed.game << " " << to_string(speed.evaluator));
    CHECK(speed.playouts == 200);
    CHECK(speed.playouts_per_second > 0);
    CHECK(speed.bytes_per_playout > 0);
    CHECK(speed.traffic_per_second > 0);
  }
}
