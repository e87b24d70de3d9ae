// Steps per second of environments in a batch, one thread, under random actions. The ceiling beside
// it: copying the numbers that a step reads and writes, which no environment can do without.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/report.hpp"

namespace tengen::tools {

struct EnvBenchConfig {
  std::vector<std::string> envs = {"CartPole-v1",     "Acrobot-v1",  "Pendulum-v1",
                                   "FrozenLake-v1",   "Taxi-v3",     "PixelBreakout-v0",
                                   "PixelFreeway-v0", "tic_tac_toe", "connect_four"};
  int batch = 1024;
  SamplePlan plan;
};

BenchReport bench_env(const EnvBenchConfig& config);

}  // namespace tengen::tools
