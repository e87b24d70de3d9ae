// tengen bench: how fast this computer is at each part of the work, and how near to its limit.
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "tools/bench/board_bench.hpp"
#include "tools/bench/env_bench.hpp"
#include "tools/bench/fit_bench.hpp"
#include "tools/bench/memory_bench.hpp"
#include "tools/bench/net_bench.hpp"
#include "tools/bench/search_bench.hpp"
#include "tools/bench/selfplay_bench.hpp"
#include "tools/bench/train_bench.hpp"
#include "tools/bench/tune.hpp"
#include "tools/commands.hpp"
#include "tools/machine.hpp"
#include "tools/options.hpp"
#include "tools/output_files.hpp"

namespace tengen::tools {
namespace {

constexpr const char* kFooter =
    "Without a part it runs all of them in a short form, about two minutes.\n"
    "Rates are medians; \"+-\" is half the distance between the quartiles. The ceiling is what "
    "the\n"
    "machine itself gives for the part of the work that cannot be avoided, measured in turn with "
    "it;\n"
    "ratios to it can be compared between machines. tools/bench_vs compares with other programs.\n"
    "Examples:\n"
    "  tengen bench\n"
    "  tengen bench net --net resnet:blocks=10,channels=128 --batch 1,16 --threads 1,2,4\n"
    "  tengen bench search\n"
    "  tengen bench search --net runs/go9 --threads 2 --seconds 2\n"
    "  tengen bench selfplay --game connect_four --sims 100 --json\n"
    "  tengen bench train --batch 256\n"
    "  tengen bench fit --case mlp,lstm\n"
    "  tengen bench tune --game go:size=9 --net resnet:blocks=6,channels=96 --out fast.toml";

struct BenchOptions {
  bool json = false;
  NetBenchConfig net;
  MemoryBenchConfig memory;
  BoardBenchConfig board;
  EnvBenchConfig env;
  SignatureBenchConfig signature;
  SearchBenchConfig search;
  TreeBenchConfig tree{.net = ""};  // without a net no tree bench
  SelfPlayBenchConfig selfplay;
  TrainBenchConfig train;
  FitBenchConfig fit;
  TuneConfig tune;
  std::string tune_file;
};

using Part = std::function<std::vector<BenchReport>(const BenchOptions&)>;

Fields machine_fields() {
  const Machine machine = read_machine();
  return {{"cpu", machine.cpu},
          {"threads", machine.threads},
          {"onednn", onednn_version()},
          {"isa", onednn_isa()}};
}

void print(const std::vector<BenchReport>& reports) {
  for (const BenchReport& report : reports) std::cout << to_text(report) << "\n" << std::flush;
}

/// Prints each part as it ends, or one JSON object of all at the end.
int run_parts(const BenchOptions& options, const std::vector<Part>& parts) {
  std::vector<BenchReport> all;
  for (const Part& part : parts) {
    std::vector<BenchReport> reports = part(options);
    if (!options.json) print(reports);
    for (BenchReport& report : reports) all.push_back(std::move(report));
  }
  if (options.json) std::cout << to_json(machine_fields(), all) << "\n";
  return 0;
}

std::vector<BenchReport> search_parts(const BenchOptions& o) {
  if (!o.tree.net.empty()) return {bench_tree(o.tree)};
  if (o.signature.simulations > 0) return {bench_signature(o.signature)};
  return {bench_signature(o.signature), bench_search(o.search)};
}

int bench_all(const BenchOptions& given) {
  BenchOptions options = given;
  options.net.batches = {1, 8, 32};
  options.net.plan.seconds = options.search.plan.seconds = 0.1;
  options.signature.plan.repeats = 1;
  options.tree.net = options.net.net;
  options.train.plan = options.fit.plan = {.repeats = 3, .seconds = 0.5};
  options.env.plan.seconds = 0.05;
  return run_parts(options,
                   {[](const BenchOptions& o) { return std::vector{bench_memory(o.memory)}; },
                    [](const BenchOptions& o) { return std::vector{bench_board(o.board)}; },
                    [](const BenchOptions& o) { return std::vector{bench_env(o.env)}; },
                    [](const BenchOptions& o) {
                      return std::vector{bench_signature(o.signature), bench_search(o.search),
                                         bench_tree(o.tree)};
                    },
                    [](const BenchOptions& o) { return std::vector{bench_net(o.net)}; },
                    [](const BenchOptions& o) { return std::vector{bench_selfplay(o.selfplay)}; },
                    [](const BenchOptions& o) { return std::vector{bench_train(o.train)}; },
                    [](const BenchOptions& o) { return std::vector{bench_fit(o.fit)}; }});
}

int run_tune(const BenchOptions& options) {
  if (!options.tune_file.empty()) check_writable(options.tune_file);
  const TuneResult result = tune(options.tune);
  run_parts(options, {[&](const BenchOptions&) { return result.reports; }});
  if (!options.tune_file.empty()) {
    write_text_file(options.tune_file, result.config_toml);
    spdlog::info("written: {0}; use: tengen train DIR --config {0}, tengen gtp --config {0}",
                 options.tune_file);
  } else if (!options.json) {
    std::cout << result.config_toml;
  }
  return 0;
}

Command add_part(Command& bench, const std::string& name, const std::string& help,
                 const std::shared_ptr<BenchOptions>& options, const Part& part) {
  Command command = bench.add_command(name, help, kFooter);
  command.action([options, part] { return run_parts(*options, {part}); });
  return command;
}

void add_sampling_options(Command& command, SamplePlan& plan) {
  command.option("--repeats", &plan.repeats, "samples of each rate").range(1, 1000);
  command.option("--seconds", &plan.seconds, "of each sample").range(0.001, 3600);
}

constexpr const char* kNetHelp = "architecture (random weights), net file or run directory";
constexpr const char* kPrecisionHelp = "fp32, bf16, int8 or auto";
constexpr const char* kThreadsHelp = "0: one per logical CPU";

void add_net_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command =
      add_part(bench, "net", "evaluations/s of a net, by size, precision, threads and batch",
               options, [](const BenchOptions& o) { return std::vector{bench_net(o.net)}; });
  NetBenchConfig& net = options->net;
  command.option("--net", &net.net, kNetHelp).type("NET");
  const Option game = command.option("--game", &net.game, "instead of --size").type("GAME");
  command.option("--size", &net.sizes, "Go board sizes").comma_list().range(2, 25).excludes(game);
  command.option("--precision", &net.precisions, "default: those that the CPU computes natively")
      .comma_list();
  command.option("--batch", &net.batches, "positions at once").comma_list().range(1, 4096);
  command
      .option("--threads", &net.threads,
              "independent streams, one thread each; default: one, and all")
      .comma_list()
      .range(1, 1024);
  add_sampling_options(command, net.plan);
}

void add_board_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command = add_part(bench, "board", "random games/s", options, [](const BenchOptions& o) {
    return std::vector{bench_board(o.board)};
  });
  command.option("--game", &options->board.games, "games, separated by spaces").type("GAME");
  add_sampling_options(command, options->board.plan);
}

void add_env_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command = add_part(bench, "env", "steps/s of environments in a batch", options,
                             [](const BenchOptions& o) { return std::vector{bench_env(o.env)}; });
  command.option("--env", &options->env.envs, "environments, separated by spaces").type("ENV");
  command.option("--batch", &options->env.batch, "environments stepped at once").range(1, 1 << 20);
  add_sampling_options(command, options->env.plan);
}

void add_memory_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command =
      add_part(bench, "memory", "memory bandwidth", options,
               [](const BenchOptions& o) { return std::vector{bench_memory(o.memory)}; });
  command.option("--threads", &options->memory.threads, "default: one, and all")
      .comma_list()
      .range(1, 1024);
  command.option("--megabytes", &options->memory.megabytes_per_array, "of each of three arrays")
      .range(1, 65536);
  add_sampling_options(command, options->memory.plan);
}

void add_search_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command = add_part(
      bench, "search", "signature and playouts/s of the search; with --net visits/s of one tree",
      options, search_parts);
  command
      .option("--sims", &options->signature.simulations,
              "the signature alone, with so many per position; 0: as it is defined, and the rates")
      .range(0, 1e7);
  TreeBenchConfig& tree = options->tree;
  const char* group = "one tree, as tengen gtp plays";
  command.option("--net", &tree.net, kNetHelp).type("NET").group(group);
  command.option("--game", &tree.game, "game").type("GAME").group(group);
  command.option("--precision", &tree.precision, kPrecisionHelp).group(group);
  command.option("--threads", &tree.threads, kThreadsHelp).range(0, 1024).group(group);
  command.option("--batch", &tree.batch, "leaves that a thread evaluates at once")
      .range(1, 1024)
      .group(group);
  command.option("--cache-mb", &tree.cache_mb, "evaluation cache of each thread")
      .range(0, 1 << 20)
      .group(group);
  command.option("--repeats", &tree.plan.repeats, "searches").range(1, 1000).group(group);
  command.option("--seconds", &tree.plan.seconds, "of each search").range(0.001, 3600).group(group);
}

void add_selfplay_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command =
      add_part(bench, "selfplay", "visits/s of self-play, and the time outside the net", options,
               [](const BenchOptions& o) { return std::vector{bench_selfplay(o.selfplay)}; });
  SelfPlayBenchConfig& config = options->selfplay;
  command.option("--game", &config.game, "game").type("GAME");
  command.option("--net", &config.net, kNetHelp).type("NET");
  command.option("--precision", &config.precision, kPrecisionHelp);
  command.option("--threads", &config.threads, kThreadsHelp).range(0, 1024);
  command.option("--sims", &config.simulations, "simulations per move").range(1, 100000);
  command.option("--games", &config.games_per_thread, "games at once on each thread")
      .range(1, 4096);
  command.option("--cache-mb", &config.cache_mb, "evaluation cache of each thread; 0: none")
      .range(0, 65536);
  command.option("--seconds", &config.seconds, "how long to play").range(0.1, 3600);
}

void add_train_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command =
      add_part(bench, "train", "samples/s of training", options,
               [](const BenchOptions& o) { return std::vector{bench_train(o.train)}; });
  TrainBenchConfig& config = options->train;
  command.option("--game", &config.game, "game").type("GAME");
  command.option("--net", &config.net, kNetHelp).type("NET");
  command.option("--threads", &config.threads, kThreadsHelp).range(0, 1024);
  command.option("--precision", &config.precision, "fp32, bf16 or auto");
  command.option("--batch", &config.batch, "positions per step").range(1, 65536);
  add_sampling_options(command, config.plan);
}

void add_fit_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command =
      add_part(bench, "fit", "steps/s of supervised training, as tengen fit takes them", options,
               [](const BenchOptions& o) { return std::vector{bench_fit(o.fit)}; });
  FitBenchConfig& config = options->fit;
  command.option("--case", &config.cases, "mlp, cnn or lstm; default: all").comma_list();
  command.option("--threads", &config.threads, kThreadsHelp).range(0, 1024);
  add_sampling_options(command, config.plan);
}

void add_tune_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command = bench.add_command(
      "tune", "find the fastest settings of self-play and gtp, as a config", kFooter);
  command.action([options] { return run_tune(*options); });
  TuneConfig& config = options->tune;
  command.option("--game", &config.game, "default: the net's own, or go:size=9").type("GAME");
  command.option("--net", &config.net, kNetHelp).type("NET");
  command
      .option("--out", &options->tune_file,
              "write the config there, for the --config of tengen train and tengen gtp; default: "
              "print it")
      .type("FILE");
  command.option("--seconds", &config.seconds, "all in all, about").range(0.1, 3600);
  command.option("--sims", &config.simulations, "simulations per move").range(1, 100000);
  const char* group = "to try";
  command.option("--precision", &config.precisions, "default: those that the CPU computes natively")
      .comma_list()
      .group(group);
  command.option("--threads", &config.threads, "default: all, and half of them")
      .comma_list()
      .range(1, 1024)
      .group(group);
  command.option("--games", &config.games_per_thread, "games at once on each thread")
      .comma_list()
      .range(1, 4096)
      .group(group);
  command.option("--batch", &config.leaves, "leaves of one tree that a thread evaluates at once")
      .comma_list()
      .range(1, 1024)
      .group(group);
}

}  // namespace

void add_bench_command(Command& root) {
  Command bench = root.add_command(
      "bench", "measure nets, search, boards, self-play and training, and tune", kFooter);
  const auto options = std::make_shared<BenchOptions>();
  bench.option("--json", &options->json, "print JSON");
  bench.action([options] { return bench_all(*options); });
  add_net_part(bench, options);
  add_search_part(bench, options);
  add_board_part(bench, options);
  add_env_part(bench, options);
  add_selfplay_part(bench, options);
  add_train_part(bench, options);
  add_fit_part(bench, options);
  add_memory_part(bench, options);
  add_tune_part(bench, options);
}

}  // namespace tengen::tools
