#include "tools/bench/play_bench.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <thread>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "envs/benchmark.hpp"
#include "envs/registry.hpp"
#include "mcts/bench.hpp"
#include "nets/policy_value_net.hpp"
#include "selfplay/self_play.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

std::string rate(double count, double seconds) { return short_number(count / seconds); }

std::shared_ptr<const nets::InferencePlan> untrained_plan(const SelfPlayBenchConfig& config,
                                                          const envs::Game& game) {
  const envs::ObservationShape shape = game.observation_shape();
  Rng rng(1);
  const auto net = nets::make_net(
      config.net, {shape.height, shape.width, shape.channels, game.num_actions()}, rng);
  net->eval();
  return std::make_shared<const nets::InferencePlan>(
      net->graph(), nets::parse_precision(config.precision), config.games_per_thread);
}

/// Plays for config.seconds; more games are laid out than can be finished.
selfplay::SelfPlayStats play(const SelfPlayBenchConfig& config,
                             const std::shared_ptr<const envs::Game>& game, int threads) {
  std::vector<std::uint64_t> indices(100000);
  std::iota(indices.begin(), indices.end(), std::uint64_t{0});
  selfplay::SelfPlayConfig self_play;
  self_play.simulations = config.simulations;
  self_play.games_per_thread = config.games_per_thread;
  selfplay::SelfPlayJob job;
  job.game = game;
  job.plan = untrained_plan(config, *game);
  job.indices = indices;
  job.threads = threads;
  std::atomic<bool> stop{false};
  const Stopwatch watch;
  selfplay::SelfPlayCallbacks callbacks;
  callbacks.on_progress = [&](const selfplay::SelfPlayStats&) {
    stop = watch.seconds() >= config.seconds;
  };
  return selfplay::play_games(self_play, job, callbacks, &stop);
}

}  // namespace

BenchOutput bench_board(const BoardBenchConfig& config) {
  TextTable table({"<game", "playouts/s", "plies/s", "plies per playout"});
  nlohmann::json json = nlohmann::json::array();
  for (const std::string& spec : config.games) {
    const auto game = envs::make_game(spec);
    Rng rng(1);
    const envs::BoardBenchmark result = envs::measure_random_games(*game, config.seconds, rng);
    const auto games = static_cast<double>(result.games), plies = static_cast<double>(result.plies);
    table.add({spec, rate(games, result.seconds), rate(plies, result.seconds),
               short_number(plies / games)});
    json.push_back({{"game", spec},
                    {"playouts_per_second", games / result.seconds},
                    {"plies_per_second", plies / result.seconds}});
  }
  return {"board: random games, one thread", table.to_string(), json.dump()};
}

BenchOutput bench_search(int simulations) {
  const mcts::SearchBench result =
      simulations > 0 ? mcts::bench_search(simulations) : mcts::bench_search();
  const auto playouts = static_cast<double>(result.playouts);
  const std::string signature = fmt::format("{:016x}", result.signature);
  const nlohmann::json json = {{{"signature", signature},
                                {"playouts", result.playouts},
                                {"seconds", result.seconds},
                                {"playouts_per_second", playouts / result.seconds}}};
  TextTable table({"signature", "playouts", "playouts/s"});
  table.add({signature, std::to_string(result.playouts), rate(playouts, result.seconds)});
  return {"search: hash evaluator, one thread", table.to_string(), json.dump()};
}

BenchOutput bench_selfplay(const SelfPlayBenchConfig& config) {
  const auto game = envs::make_game(config.game);
  const int threads = config.threads > 0
                          ? config.threads
                          : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const selfplay::SelfPlayStats stats = play(config, game, threads);
  const auto plies = static_cast<double>(stats.plies);
  const auto evaluations = static_cast<double>(stats.evaluations);
  TextTable table({"<game", "<net", "threads", "sims", "positions/s", "evaluations/s"});
  table.add({config.game, config.net, std::to_string(threads), std::to_string(config.simulations),
             rate(plies, stats.seconds), rate(evaluations, stats.seconds)});
  const nlohmann::json json = {{{"game", config.game},
                                {"net", config.net},
                                {"threads", threads},
                                {"simulations", config.simulations},
                                {"positions_per_second", plies / stats.seconds},
                                {"evaluations_per_second", evaluations / stats.seconds}}};
  return {"selfplay: untrained net", table.to_string(), json.dump()};
}

}  // namespace tengen::tools
