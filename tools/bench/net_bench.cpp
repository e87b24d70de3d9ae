#include "tools/bench/net_bench.hpp"

#include <algorithm>
#include <memory>

#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "envs/registry.hpp"
#include "selfplay/net_plan.hpp"
#include "tools/bench/convolution_ceiling.hpp"
#include "tools/bench/fixtures.hpp"
#include "tools/bench/precision_error.hpp"
#include "tools/machine.hpp"

namespace tengen::tools {
namespace {

using nets::InferencePlan;
using nets::Precision;

double multiply_adds(const nets::PlanGraph& graph) {
  double sum = 0;
  for (const nets::PlanOp& op : graph.ops) sum += op.multiply_adds;
  return sum;
}

/// A net fitted to a game.
struct Subject {
  std::string name;  // of the game
  std::shared_ptr<const envs::Game> game;
  nets::PlanGraph graph;
};

std::vector<Subject> subjects_of(const NetBenchConfig& config) {
  std::vector<std::string> games;
  for (const int size : config.sizes) games.push_back(fmt::format("go:size={}", size));
  if (!config.game.empty()) games = {config.game};
  std::vector<Subject> subjects;
  for (const std::string& name : games) {
    const auto game = envs::make_game(name);
    subjects.push_back({name, game, net_for(config.net, *game)->graph()});
  }
  return subjects;
}

std::vector<Precision> precisions_of(const NetBenchConfig& config) {
  if (config.precisions.empty()) return native_precisions();
  std::vector<Precision> precisions;
  for (const std::string& text : config.precisions) precisions.push_back(supported_precision(text));
  return precisions;
}

std::vector<int> threads_of(const NetBenchConfig& config) {
  if (!config.threads.empty()) return config.threads;
  const int all = read_machine().threads;
  return all == 1 ? std::vector{1} : std::vector{1, all};
}

BenchRow bench_row(const Subject& subject, const std::shared_ptr<const InferencePlan>& plan,
                   int threads, int batch, const SamplePlan& sampling) {
  const Precision precision = plan->precision();
  const Measurement m = measure(
      evaluation_streams(subject.game, plan, batch, threads),
      convolution_ceiling(subject.graph, precision, ConvolutionPass::inference, batch, threads),
      sampling);
  return {.labels = {{"game", subject.name},
                     {"precision", nets::to_string(precision)},
                     {"threads", threads},
                     {"batch", batch}},
          .measurement = m,
          .extras = {{"latency_us", 1e6 * threads * batch / m.rate.median},
                     {"gflop_per_second", 2e-9 * multiply_adds(subject.graph) * m.rate.median},
                     {"native", is_native(precision)}}};
}

/// The fastest way to evaluate many positions of each game, for people.
std::vector<std::string> fastest_notes(const std::vector<BenchRow>& rows) {
  std::vector<std::string> notes;
  for (auto first = rows.begin(); first != rows.end();) {
    const auto& game = first->labels[0].second;
    const auto last = std::find_if(
        first, rows.end(), [&](const BenchRow& row) { return row.labels[0].second != game; });
    const auto best = std::max_element(first, last, [](const BenchRow& a, const BenchRow& b) {
      return a.measurement.rate.median < b.measurement.rate.median;
    });
    notes.push_back(fmt::format("fastest for {}: {}, threads {}, batch {}", std::get<0>(game),
                                std::get<0>(best->labels[1].second),
                                std::get<1>(best->labels[2].second),
                                std::get<1>(best->labels[3].second)));
    first = last;
  }
  return notes;
}

/// How far the plan's answers are from those in fp32, for people.
std::string error_note(const Subject& subject, const InferencePlan& plan) {
  constexpr int kPositions = 500;
  const auto positions = random_positions(*subject.game, kPositions, Rng(1));
  const auto fp32 = selfplay::make_plan(subject.graph, *subject.game, Precision::fp32, 1);
  const PrecisionError error = precision_error(positions, *fp32, plan);
  return fmt::format(
      "{} for {} against fp32, 99th percentile over {} positions of random games: value {:.4f}, "
      "KL of the policy {:.5f}",
      nets::to_string(plan.precision()), subject.name, kPositions, error.value, error.policy_kl);
}

}  // namespace

BenchReport bench_net(const NetBenchConfig& config) {
  const std::vector<Subject> subjects = subjects_of(config);
  const std::vector<Precision> precisions = precisions_of(config);
  const std::vector<int> threads = threads_of(config);
  if (subjects.empty() || config.batches.empty())
    bad_argument("bench net", "expected at least one board size and one batch");
  const int max_batch = *std::max_element(config.batches.begin(), config.batches.end());
  Progress progress("bench net", "rows",
                    subjects.size() * precisions.size() * threads.size() * config.batches.size());
  BenchReport report{"net",
                     "net " + config.net + ", from State to priors and value",
                     "evaluations_per_second",
                     {}};
  for (const Subject& subject : subjects)
    for (const Precision precision : precisions) {
      const auto plan = selfplay::make_plan(subject.graph, *subject.game, precision, max_batch);
      for (const int count : threads)
        for (const int batch : config.batches) {
          report.rows.push_back(bench_row(subject, plan, count, batch, config.plan));
          progress.advance();
        }
      if (precision != Precision::fp32) report.notes.push_back(error_note(subject, *plan));
    }
  for (std::string& note : fastest_notes(report.rows)) report.notes.push_back(std::move(note));
  return report;
}

}  // namespace tengen::tools
