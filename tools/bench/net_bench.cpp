#include "tools/bench/net_bench.hpp"

#include <algorithm>
#include <barrier>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "engine/kernels/backend.hpp"
#include "envs/registry.hpp"
#include "nets/inference/inference_plan.hpp"
#include "nets/policy_value_net.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

using nets::InferencePlan;

/// A bf16 that the CPU does not compute natively is emulated and slow: never more than this many
/// evaluations are measured then.
constexpr int kEmulatedRepeats = 1;
constexpr int kMostRepeats = 10000;

struct Measurement {
  int size = 0;
  std::string precision;
  bool emulated = false;
  int threads = 0, batch = 0;
  double evaluations_per_second = 0, gflops = 0;
};

nets::PlanGraph make_graph(const std::string& net_spec, int size) {
  const auto game = envs::make_game(fmt::format("go:size={}", size));
  const envs::ObservationShape shape = game->observation_shape();
  Rng rng(1);
  const auto net = nets::make_net(
      net_spec, {shape.height, shape.width, shape.channels, game->num_actions()}, rng);
  net->eval();
  return net->graph();
}

double multiply_adds(const nets::PlanGraph& graph) {
  double sum = 0;
  for (const nets::PlanOp& op : graph.ops) sum += op.multiply_adds;
  return sum;
}

struct Timing {
  double seconds = 0;
  int most_repeats = kMostRepeats;
  bool warm_up = true;
};

/// A large batch of emulated bf16 takes seconds, beside which a cold start is nothing.
Timing timing_of(const NetBenchConfig& config, bool emulated, int batch) {
  if (!emulated) return {config.seconds, kMostRepeats, true};
  return {config.seconds, kEmulatedRepeats, batch < 32};
}

/// One stream: seconds of single evaluate() calls.
std::vector<double> time_stream(const InferencePlan& plan, int batch, const Timing& timing,
                                std::barrier<>& start) {
  const kernels::ScopedThreads one_thread(1);
  const auto scratch = plan.make_scratch();
  const auto positions = static_cast<std::size_t>(batch);
  std::vector<float> observations(positions * static_cast<std::size_t>(plan.observation_size()));
  std::vector<float> logits(positions * static_cast<std::size_t>(plan.num_actions()));
  std::vector<float> values(positions);
  Rng rng(2);
  for (float& x : observations) x = rng.below(4) == 0 ? 1.0f : 0.0f;
  const auto evaluate = [&] { plan.evaluate(batch, observations, logits, values, *scratch); };
  if (timing.warm_up) evaluate();
  start.arrive_and_wait();
  std::vector<double> times;
  const Stopwatch all;
  do {
    const Stopwatch one;
    evaluate();
    times.push_back(one.seconds());
  } while (all.seconds() < timing.seconds && static_cast<int>(times.size()) < timing.most_repeats);
  return times;
}

/// Median seconds of one batch while `threads` streams run at once.
double median_seconds(const InferencePlan& plan, int batch, int threads, const Timing& timing) {
  std::barrier<> start(threads);
  std::vector<std::vector<double>> times(static_cast<std::size_t>(threads));
  std::vector<std::jthread> streams;
  for (auto& mine : times)
    streams.emplace_back([&, &mine = mine] { mine = time_stream(plan, batch, timing, start); });
  streams.clear();  // joins
  std::vector<double> all;
  for (const auto& mine : times) all.insert(all.end(), mine.begin(), mine.end());
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return *middle;
}

std::vector<Measurement> measure_plan(const nets::PlanGraph& graph, Measurement base,
                                      const NetBenchConfig& config) {
  const nets::Precision precision = nets::parse_precision(base.precision);
  base.emulated = precision == nets::Precision::bf16 && nets::default_precision() != precision;
  const int max_batch = *std::max_element(config.batches.begin(), config.batches.end());
  const InferencePlan plan(graph, precision, max_batch);
  std::vector<Measurement> results;
  for (const int threads : config.threads) {
    for (const int batch : config.batches) {
      Measurement result = base;
      result.threads = threads;
      result.batch = batch;
      const double seconds =
          median_seconds(plan, batch, threads, timing_of(config, base.emulated, batch));
      result.evaluations_per_second = threads * batch / seconds;
      result.gflops = 2e-9 * multiply_adds(graph) * result.evaluations_per_second;
      results.push_back(result);
    }
  }
  return results;
}

BenchOutput to_output(const NetBenchConfig& config, const std::vector<Measurement>& results) {
  TextTable table({"<board", "<precision", "threads", "batch", "evaluations/s", "GFLOP/s", "<"});
  nlohmann::json json = nlohmann::json::array();
  for (const Measurement& m : results) {
    table.add({fmt::format("{0}x{0}", m.size), m.precision, std::to_string(m.threads),
               std::to_string(m.batch), short_number(m.evaluations_per_second),
               short_number(m.gflops), m.emulated ? "emulated, not native on this CPU" : ""});
    json.push_back({{"size", m.size},
                    {"precision", m.precision},
                    {"emulated", m.emulated},
                    {"threads", m.threads},
                    {"batch", m.batch},
                    {"evaluations_per_second", m.evaluations_per_second},
                    {"gflop_per_second", m.gflops}});
  }
  return {"net: " + nets::canonical_net_spec(config.net), table.to_string(), json.dump()};
}

}  // namespace

BenchOutput bench_net(const NetBenchConfig& config) {
  if (config.sizes.empty() || config.precisions.empty() || config.batches.empty() ||
      config.threads.empty())
    bad_argument("bench net", "expected at least one size, precision, batch and thread count");
  std::vector<Measurement> results;
  for (const int size : config.sizes) {
    const nets::PlanGraph graph = make_graph(config.net, size);
    for (const std::string& precision : config.precisions) {
      Measurement base;
      base.size = size;
      base.precision = nets::to_string(nets::parse_precision(precision));
      const std::vector<Measurement> some = measure_plan(graph, base, config);
      results.insert(results.end(), some.begin(), some.end());
    }
  }
  return to_output(config, results);
}

}  // namespace tengen::tools
