// tengen bench: how fast this computer is at each part of the work.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "tools/bench/net_bench.hpp"
#include "tools/bench/play_bench.hpp"
#include "tools/commands.hpp"

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

CLI::App* add_part(CLI::App& bench, Action& action, const std::string& name,
                   const std::string& help, const std::shared_ptr<BenchOptions>& options,
                   Part part) {
  CLI::App* command = bench.add_subcommand(name, help);
  command->footer(kFooter);
  command->callback([options, part = std::move(part), &action] {
    action = [options, part] {
      print(part(*options), options->json);
      return 0;
    };
  });
  return command;
}

void add_net_part(CLI::App& bench, Action& action, const std::shared_ptr<BenchOptions>& options) {
  CLI::App* command =
      add_part(bench, action, "net", "evaluations/s of a net, by size, precision, threads, batch",
               options, [](const BenchOptions& o) { return bench_net(o.net); });
  NetBenchConfig& net = options->net;
  command->add_option("--net", net.net, "architecture")->capture_default_str()->type_name("NET");
  command->add_option("--size", net.sizes, "Go board sizes")
      ->delimiter(',')
      ->capture_default_str()
      ->check(CLI::Range(2, 25));
  command->add_option("--precision", net.precisions, "fp32, bf16, auto")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--batch", net.batches, "positions at once")
      ->delimiter(',')
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  command->add_option("--threads", net.threads, "independent streams, one thread each")
      ->delimiter(',')
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  command->add_option("--seconds", net.seconds, "of each measurement")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 3600.0));
}

void add_board_part(CLI::App& bench, Action& action, const std::shared_ptr<BenchOptions>& options) {
  CLI::App* command = add_part(bench, action, "board", "random games/s", options,
                               [](const BenchOptions& o) { return bench_board(o.board); });
  command->add_option("--game", options->board.games, "games; quote those with commas")
      ->capture_default_str()
      ->type_name("GAME");
  command->add_option("--seconds", options->board.seconds, "of each game")
      ->capture_default_str()
      ->check(CLI::Range(0.01, 3600.0));
}

void add_search_part(CLI::App& bench, Action& action,
                     const std::shared_ptr<BenchOptions>& options) {
  CLI::App* command =
      add_part(bench, action, "search", "playouts/s and signature of the tree search", options,
               [](const BenchOptions& o) { return bench_search(o.simulations); });
  command
      ->add_option("--sims", options->simulations,
                   "per position; 0: the number that the signature is defined for")
      ->capture_default_str()
      ->check(CLI::Range(0, 10000000));
}

void add_selfplay_part(CLI::App& bench, Action& action,
                       const std::shared_ptr<BenchOptions>& options) {
  CLI::App* command =
      add_part(bench, action, "selfplay", "positions/s and evaluations/s of self-play", options,
               [](const BenchOptions& o) { return bench_selfplay(o.selfplay); });
  SelfPlayBenchConfig& config = options->selfplay;
  command->add_option("--game", config.game, "game")->capture_default_str()->type_name("GAME");
  command->add_option("--net", config.net, "architecture")->capture_default_str()->type_name("NET");
  command->add_option("--precision", config.precision, "fp32, bf16, auto")->capture_default_str();
  command->add_option("--threads", config.threads, "0: all cores")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
  command->add_option("--sims", config.simulations, "simulations per move")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  command->add_option("--games", config.games_per_thread, "games at once on each thread")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  command->add_option("--seconds", config.seconds, "how long to play")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 3600.0));
}

}  // namespace

void add_bench_command(CLI::App& app, Action& action) {
  CLI::App* bench = app.add_subcommand("bench", "measure nets, search, board and self-play");
  bench->footer(kFooter);
  const auto options = std::make_shared<BenchOptions>();
  bench->add_flag("--json", options->json, "print JSON");
  // With a part chosen the action is the part's.
  bench->callback([options, bench, &action] {
    if (bench->get_subcommands().empty()) action = [options] { return bench_all(*options); };
  });
  add_net_part(*bench, action, options);
  add_board_part(*bench, action, options);
  add_search_part(*bench, action, options);
  add_selfplay_part(*bench, action, options);
}

}  // namespace tengen::tools
