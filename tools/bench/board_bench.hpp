// Random games per second on one thread, without any search. The ceiling beside it: drawing one
// random number for each of their plies, which no uniformly random game can do without.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/report.hpp"

namespace tengen::tools {

struct BoardBenchConfig {
  std::vector<std::string> games = {"tic_tac_toe", "connect_four", "othello",   "gomoku",
                                    "hex",         "go:size=9",    "go:size=19"};
  SamplePlan plan;
};

BenchReport bench_board(const BoardBenchConfig& config);

}  // namespace tengen::tools
