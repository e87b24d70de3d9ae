// Three benches of the tree search: its signature with the speed at which it was found; the search
// alone on one thread, by game, with the hash evaluator and with random rollouts; and one tree with
// a net and several threads, as `tengen gtp` plays.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "envs/game.hpp"
#include "nets/inference/inference_plan.hpp"
#include "tools/bench/report.hpp"

namespace tengen::tools {

struct SignatureBenchConfig {
  int simulations = 0;  // per position; 0: the number that the signature is defined for
  SamplePlan plan{.repeats = 3, .seconds = 1};  // a sample is one run, however long
};
/// Fixed positions, hash evaluator, one thread. Throws Error if repeats disagree.
BenchReport bench_signature(const SignatureBenchConfig& config);

struct SearchBenchConfig {
  std::vector<std::string> games = {"tic_tac_toe", "connect_four", "go:size=9"};
  int simulations = 20000;  // of each search, from the initial position
  SamplePlan plan;
};
/// The ceiling: the tree's memory accesses alone (mcts/tree_traffic.hpp). Of `plan` only the
/// repeats count: a sample is one search.
BenchReport bench_search(const SearchBenchConfig& config);

struct TreeBenchConfig {
  std::string game = "go:size=9";
  std::string net = "resnet:blocks=6,channels=96";
  std::string precision = "auto";
  int threads = 0;  // 0: one per logical CPU
  int batch = 8;    // leaves that a thread evaluates at once
  int cache_mb = 64;
  SamplePlan plan{.repeats = 3, .seconds = 2};
};
/// Visits/s from the initial position, each time with a new tree and empty caches. Of `config` only
/// threads (at least 1), batch and cache_mb count.
Contender tree_visits(const std::shared_ptr<const envs::Game>& game,
                      const std::shared_ptr<const nets::InferencePlan>& plan,
                      const TreeBenchConfig& config);
/// That of the first `plan.seconds`.
BenchReport bench_tree(const TreeBenchConfig& config);

}  // namespace tengen::tools
