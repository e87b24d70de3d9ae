// tengen gtp: play over the Go Text Protocol.
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "engine/base/threads.hpp"
#include "mcts/evaluators.hpp"
#include "nets/checkpoint.hpp"
#include "selfplay/net_evaluator.hpp"
#include "selfplay/net_ownership.hpp"
#include "selfplay/players/net_player.hpp"
#include "tools/commands.hpp"
#include "tools/compiled_net.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"
#include "tools/net_evaluators.hpp"
#include "tools/options.hpp"

namespace tengen::tools {
namespace {

constexpr const char* kFooter =
    "Without --net it plays pure MCTS with random rollouts. stdout belongs to the protocol;\n"
    "the command `help` lists what it understands: GTP 2, the analysis of Leela Zero, KataGo and\n"
    "CGOS (lz-analyze, kata-analyze, cgos-genmove_analyze), the extensions of GoGui, KGS and GNU "
    "Go,\n"
    "and tengen-param, which sets parameters during play. Any line ends analysis.\n"
    "Examples:\n"
    "  tengen gtp --net runs/go7\n"
    "  tengen gtp --net runs/c4 --sims 800\n"
    "  tengen gtp --game go:size=9 --time 2\n"
    "  printf 'genmove b\\nshowboard\\n' | tengen gtp --game connect_four --sims 500";

struct GtpOptions {
  std::string net, game, precision = "auto";
  int simulations = 0;
  double seconds = 5;
  bool time_given = false;
  int cache_mb = 64;
  int max_tree_mb = 512;
  gtp::SessionConfig session;
};

/// The net as it stands, without cache and under a symmetry that is not drawn.
std::unique_ptr<mcts::Evaluator> raw_net(CompiledNet& net, const envs::Game& game, int symmetry) {
  auto evaluator = std::make_unique<selfplay::NetEvaluator>(net.plan_for(game), game);
  evaluator->fix_symmetry(symmetry);
  return evaluator;
}

/// By the net's ownership head, if it has one.
gtp::Ownership ownership_of(const std::string& net_path) {
  if (net_path.empty()) return gtp::Ownership();
  auto net = nets::load_net_file(selfplay::resolve_net_path(net_path).string()).net;
  if (!net->has_ownership()) return gtp::Ownership();
  const auto head = std::make_shared<selfplay::NetOwnership>(std::move(net));
  return gtp::Ownership([head](const envs::State& state) { return head->evaluate(state); });
}

mcts::EvaluatorFactory rollout_factory(std::uint64_t seed) {
  return [rng = Rng(seed)](int thread) {
    return std::make_unique<mcts::RolloutEvaluator>(rng.split(static_cast<std::uint64_t>(thread)));
  };
}

int run_gtp(GtpOptions options) {
  // Here, so that a wrong precision is refused where no net is loaded, too.
  CompiledNet net(options.net, nets::parse_precision(options.precision),
                  options.session.parallel.leaves_per_batch);
  gtp::SessionConfig& config = options.session;
  if (options.game.empty() && !options.net.empty())
    options.game = selfplay::game_of_net(options.net);
  if (!options.game.empty()) config.game = options.game;
  // As the player mcts: a rollout's value says little about the moves not yet tried.
  if (options.net.empty()) config.search.fpu_reduction = 0;
  // A limit of simulations alone is meant as such; otherwise there is always a limit of time.
  config.search.max_tree_bytes = static_cast<std::size_t>(options.max_tree_mb) << 20;
  config.limits.simulations = options.simulations;
  if (options.simulations == 0 || options.time_given) config.limits.time_seconds = options.seconds;

  using Game = std::shared_ptr<const envs::Game>;
  const gtp::EvaluatorMaker make = [&](const Game& game, std::uint64_t seed) {
    return options.net.empty() ? rollout_factory(seed)
                               : net_evaluators(net.plan_for(*game), game, seed, options.cache_mb);
  };
  gtp::RawEvaluatorMaker make_raw;
  if (!options.net.empty())
    make_raw = [&net](const Game& game, int symmetry) { return raw_net(net, *game, symmetry); };
  gtp::Session session(config, make, make_raw, ownership_of(options.net));
  gtp::Engine engine;
  gtp::add_all_commands(engine, session);
  spdlog::info("{}, {}", session.game().spec(),
               options.net.empty() ? "pure MCTS with random rollouts" : "net " + options.net);
  engine.run(std::cin, std::cout);
  return 0;
}

void add_limit_options(Command& command, GtpOptions& options) {
  mcts::ParallelConfig& parallel = options.session.parallel;
  command.option("--sims", &options.simulations, "simulations per move; 0: no such limit")
      .range(0, 1e8);
  command
      .option("--time", &options.seconds,
              "seconds per move while no clock runs; not used if only --sims is given")
      .range(0.001, 86400)
      .marks(options.time_given);
  command
      .option(
          "--lag", &options.session.lag_seconds,
          "seconds kept back of every clock reading, half of it at most, for slow connections and "
          "busy machines")
      .range(0, 60);
  command.option("--threads", &parallel.threads, "search threads; default: one per logical CPU")
      .range(1, 1024);
  command.option("--batch", &parallel.leaves_per_batch, "leaves that a thread evaluates at once")
      .range(1, 1024);
  command.option("--deterministic", &parallel.deterministic,
                 "the same search to the bit in every run with as many threads, as long as --sims "
                 "alone ends it and no clock. The cost: one thread walks the tree for all, in "
                 "turns with the net; with fast nets more threads then hardly help");
  command.option("--ponder", &options.session.ponder,
                 "think while the opponent does, too: after genmove, until the next line comes in; "
                 "off by default, as two engines of one match may share the machine. Results "
                 "then depend on the opponent's time (not with --deterministic or gumbel)");
  command.option("--graph", &options.session.search.graph,
                 "paths to one position share its node (PUCT, with one thread or --deterministic)");
  command
      .option(
          "--max-tree-mb", &options.max_tree_mb,
          "hard bound of the search tree's memory; when it is met, rarely visited positions make "
          "room (from 2 MB a thread on)")
      .range(1, 131072);
}

void add_play_options(Command& command, GtpOptions& options) {
  gtp::SessionConfig& session = options.session;
  command
      .option("--resign", &session.resign_value,
              "genmove resigns when its value in [-1, 1] is below this; -1: never")
      .range(-1, 0);
  command.option("--friendly-pass", &session.friendly_pass,
                 "end games with dead stones on the board, which people then agree on");
  command
      .option("--temperature-plies", &session.temperature_plies,
              "first plies that are drawn by visits, for variety")
      .range(0, 10000);
  command
      .option(
          "--search",
          [&session](const std::string& text) {
            session.search.selection = mcts::parse_selection(text);
          },
          "puct, or gumbel (for few simulations)")
      .type("puct|gumbel")
      .shown_default("puct");
  command.option("--c-puct", &session.search.c_puct_init, "exploration").range(0, 100);
  command.option("--seed", &session.seed, "of all random numbers");
}

}  // namespace

void add_gtp_command(Command& root) {
  Command command = root.add_command("gtp", "play over the Go Text Protocol", kFooter);
  const auto options = std::make_shared<GtpOptions>();
  options->session.parallel.threads = default_threads();
  command.config_option();
  command.option("--net", &options->net, "a net file or a run directory (its best net)")
      .type("PATH");
  command.option("--game", &options->game, "default: the net's own, or go:size=9").type("GAME");
  command.option("--precision", &options->precision, "of the net: fp32, bf16, int8 or auto");
  command.option("--cache-mb", &options->cache_mb, "evaluation cache of each thread")
      .range(0, 1 << 20);
  add_limit_options(command, *options);
  add_play_options(command, *options);
  command.action([options] { return run_gtp(*options); });
}

}  // namespace tengen::tools
