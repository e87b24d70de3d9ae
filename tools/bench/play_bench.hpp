// Benches of the rooms that play: random games on the Go board, the tree search with the hash
// evaluator (and its signature), and self-play with an untrained net.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/bench.hpp"

namespace tengen::tools {

struct BoardBenchConfig {
  std::vector<std::string> games = {"go:size=9", "go:size=19"};
  double seconds = 2;  // of each game
};
/// Random games per second on one thread.
BenchOutput bench_board(const BoardBenchConfig& config);

/// 0 simulations: as many as the signature is defined for.
BenchOutput bench_search(int simulations = 0);

struct SelfPlayBenchConfig {
  std::string game = "go:size=9";
  std::string net = "resnet:blocks=4,channels=64";
  std::string precision = "auto";
  int threads = 0;  // 0: all cores
  int simulations = 64;
  int games_per_thread = 32;
  double seconds = 10;
};
BenchOutput bench_selfplay(const SelfPlayBenchConfig& config);

}  // namespace tengen::tools
