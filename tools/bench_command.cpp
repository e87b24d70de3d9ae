// tengen bench: how fast this computer is at each part of the work.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "tools/bench/net_bench.hpp"
#include "tools/bench/play_bench.hpp"
#include "tools/commands.hpp"
#include "tools/options.hpp"

namespace tengen::tools {
namespace {

constexpr const char* kFooter =
    "Without a part it runs all of them in a short form, about a minute.\n"
    "Examples:\n"
    "  tengen bench\n"
    "  tengen bench search\n"
    "  tengen bench net --net resnet:blocks=10,channels=128 --batch 1,16 --threads 1,2,4\n"
    "  tengen bench selfplay --game connect_four --json";

struct BenchOptions {
  bool json = false;
  NetBenchConfig net;
  BoardBenchConfig board;
  SelfPlayBenchConfig selfplay;
  int simulations = 0;
};

using Part = std::function<BenchOutput(const BenchOptions&)>;

void print(const BenchOutput& output, bool json) {
  std::cout << (json ? output.json + "\n" : output.title + "\n" + output.text) << std::flush;
}

int bench_all(const BenchOptions& given) {
  BenchOptions options = given;
  options.net.seconds = 0.2;
  options.board.seconds = 1;
  options.selfplay.seconds = 6;
  const std::pair<const char*, Part> parts[] = {
      {"search", [](const BenchOptions&) { return bench_search(); }},
      {"board", [](const BenchOptions& o) { return bench_board(o.board); }},
      {"selfplay", [](const BenchOptions& o) { return bench_selfplay(o.selfplay); }},
      {"net", [](const BenchOptions& o) { return bench_net(o.net); }},
  };
  std::string object;
  for (const auto& [name, part] : parts) {
    const BenchOutput output = part(options);
    object += fmt::format("{}\"{}\": {}", object.empty() ? "{" : ", ", name, output.json);
    if (!options.json) std::cout << output.title << "\n" << output.text << "\n" << std::flush;
  }
  if (options.json) std::cout << object << "}\n";
  return 0;
}

Command add_part(Command& bench, const std::string& name, const std::string& help,
                 const std::shared_ptr<BenchOptions>& options, const Part& part) {
  Command command = bench.add_command(name, help, kFooter);
  command.action([options, part] {
    print(part(*options), options->json);
    return 0;
  });
  return command;
}

void add_net_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command =
      add_part(bench, "net", "evaluations/s of a net, by size, precision, threads, batch", options,
               [](const BenchOptions& o) { return bench_net(o.net); });
  NetBenchConfig& net = options->net;
  command.option("--net", &net.net, "architecture").type("NET");
  command.option("--size", &net.sizes, "Go board sizes").comma_list().range(2, 25);
  command.option("--precision", &net.precisions, "fp32, bf16, auto").comma_list();
  command.option("--batch", &net.batches, "positions at once").comma_list().range(1, 4096);
  command.option("--threads", &net.threads, "independent streams, one thread each")
      .comma_list()
      .range(1, 1024);
  command.option("--seconds", &net.seconds, "of each measurement").range(0, 3600);
}

void add_board_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command = add_part(bench, "board", "random games/s", options,
                             [](const BenchOptions& o) { return bench_board(o.board); });
  command.option("--game", &options->board.games, "games, separated by spaces").type("GAME");
  command.option("--seconds", &options->board.seconds, "of each game").range(0.01, 3600);
}

void add_search_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command =
      add_part(bench, "search", "playouts/s and signature of the tree search", options,
               [](const BenchOptions& o) { return bench_search(o.simulations); });
  command
      .option("--sims", &options->simulations,
              "per position; 0: the number that the signature is defined for")
      .range(0, 1e7);
}

void add_selfplay_part(Command& bench, const std::shared_ptr<BenchOptions>& options) {
  Command command =
      add_part(bench, "selfplay", "positions/s and evaluations/s of self-play", options,
               [](const BenchOptions& o) { return bench_selfplay(o.selfplay); });
  SelfPlayBenchConfig& config = options->selfplay;
  command.option("--game", &config.game, "game").type("GAME");
  command.option("--net", &config.net, "architecture").type("NET");
  command.option("--precision", &config.precision, "fp32, bf16, auto");
  command.option("--threads", &config.threads, "0: all cores").range(0, 1024);
  command.option("--sims", &config.simulations, "simulations per move").range(1, 100000);
  command.option("--games", &config.games_per_thread, "games at once on each thread")
      .range(1, 4096);
  command.option("--seconds", &config.seconds, "how long to play").range(0.1, 3600);
}

}  // namespace

void add_bench_command(Command& root) {
  Command bench = root.add_command("bench", "measure nets, search, board and self-play", kFooter);
  const auto options = std::make_shared<BenchOptions>();
  bench.option("--json", &options->json, "print JSON");
  bench.action([options] { return bench_all(*options); });
  add_net_part(bench, options);
  add_board_part(bench, options);
  add_search_part(bench, options);
  add_selfplay_part(bench, options);
}

}  // namespace tengen::tools
