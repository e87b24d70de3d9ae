#include "selfplay/players/net_player.hpp"

#include <algorithm>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "envs/go/go_game.hpp"
#include "envs/registry.hpp"
#include "mcts/evaluators.hpp"
#include "nets/checkpoint.hpp"
#include "selfplay/net_evaluator.hpp"
#include "selfplay/net_plan.hpp"
#include "selfplay/run_directory.hpp"

namespace tengen::selfplay {

namespace fs = std::filesystem;

namespace {

/// Whether `text` begins with KEY=.
bool begins_with_option(std::string_view text) {
  const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
  return end != std::string_view::npos && end > 0 && text[end] == '=';
}

void set_search_options(mcts::SearchConfig& search, Spec& spec) {
  const auto number = [&spec](const char* name, float fallback, double low, double high) {
    return static_cast<float>(spec.get_double(name, fallback, low, high));
  };
  search.selection = mcts::parse_selection(spec.get_string("search", "puct"));
  search.gumbel_c_visit = number("c_visit", search.gumbel_c_visit, 0, 1e6);
  search.gumbel_c_scale = number("c_scale", search.gumbel_c_scale, 0, 1000);
  search.c_puct_spread_scale = number("spread", 0, 0, 100);
  search.lcb_move = spec.get_bool("lcb", false);
  search.lcb_errors = number("lcb_errors", search.lcb_errors, 0, 100);
  search.policy_temperature = number("policy_temp", 1, 0.01, 100);
  search.graph = spec.get_bool("graph", false);
  search.average_root = spec.get_bool("average_root", false);
}

}  // namespace

fs::path resolve_net_path(const fs::path& path) {
  if (fs::is_regular_file(path)) return path;
  if (!fs::exists(path)) throw Error(path.string(), "no such net file or run directory");
  if (RunDirectory::exists(path)) {
    const RunDirectory run = RunDirectory::open(path, RunDirectory::Access::read);
    const auto best = run.best_checkpoint();
    if (!best) throw Error(path.string(), "this run has no checkpoint yet");
    return run.net_path(*best);
  }
  if (fs::is_regular_file(path / "net.safetensors")) return path / "net.safetensors";
  throw Error(path.string(), "neither a net file, nor a run or checkpoint directory");
}

std::string game_of_net(const fs::path& path) {
  const nets::Metadata metadata = nets::load_net_file(resolve_net_path(path).string()).metadata;
  const auto game = metadata.find("game");
  return game == metadata.end() ? "" : game->second;
}

bool is_same_but_for_rules(const std::string& spec, const envs::Game& game) {
  if (spec == game.spec()) return true;
  const auto trained = envs::make_game(spec);
  const envs::go::GoGame *from = envs::go::as_go(*trained), *to = envs::go::as_go(game);
  return from && to && from->rules().width == to->rules().width &&
         from->rules().height == to->rules().height &&
         from->rules().features == to->rules().features;
}

std::shared_ptr<const nets::InferencePlan> load_plan(const fs::path& path, const envs::Game& game,
                                                     nets::Precision precision, int max_batch) {
  const fs::path file = resolve_net_path(path);
  const nets::LoadedNet loaded = nets::load_net_file(file.string());
  const auto trained_for = loaded.metadata.find("game");
  if (trained_for != loaded.metadata.end() && !is_same_but_for_rules(trained_for->second, game))
    throw Error(file.string(), fmt::format("this net was trained for {}, not for {}",
                                           trained_for->second, game.spec()));
  const envs::ObservationShape shape = game.observation_shape();
  const nets::NetIo& io = loaded.net->io();
  if (io.height != shape.height || io.width != shape.width || io.channels != shape.channels ||
      io.actions != game.num_actions())
    throw Error(file.string(),
                fmt::format("expected a net for {} ({}x{}x{} inputs, {} actions), this one has "
                            "{}x{}x{} inputs and {} actions",
                            game.spec(), shape.height, shape.width, shape.channels,
                            game.num_actions(), io.height, io.width, io.channels, io.actions));
  return make_plan(loaded.net->graph(), game, precision, max_batch);
}

std::pair<std::string, std::string> split_net_description(const std::string& description) {
  const std::string rest = description.substr(std::min(description.size(), std::size_t{4}));
  std::size_t comma = rest.find(',');
  while (comma != std::string::npos &&
         !begins_with_option(std::string_view(rest).substr(comma + 1)))
    comma = rest.find(',', comma + 1);
  std::string path = rest.substr(0, comma);
  if (path.empty() || (begins_with_option(path) && !fs::exists(path)))
    bad_argument("player", "'{}': expected net:FILE_OR_RUN_DIRECTORY[,sims=100,...]", description);
  return {std::move(path), comma == std::string::npos ? "net" : "net:" + rest.substr(comma + 1)};
}

std::unique_ptr<Player> make_net_player(const std::string& description,
                                        std::shared_ptr<const envs::Game> game, std::uint64_t seed,
                                        const std::atomic<bool>* stop) {
  const auto [path, options] = split_net_description(description);
  Spec spec(options);
  SearchPlayerConfig config;
  config.stop = stop;
  config.limits.simulations = spec.get_int("sims", 100, 1, 100'000'000);
  config.temperature_plies = spec.get_int("temp_plies", 0, 0, 100'000);
  config.temperature = spec.get_double("temp", 0.5, 0, 10);
  config.parallel.leaves_per_batch = spec.get_int("batch", 1, 1, 1024);
  config.parallel.threads = spec.get_int("threads", 1, 1, 1024);
  config.parallel.deterministic = spec.get_bool("deterministic", false);
  config.resign_below = spec.get_double("resign", -2, -2, 1);
  config.search.c_puct_init = static_cast<float>(spec.get_double("c", 1.25, 0, 100));
  set_search_options(config.search, spec);
  const nets::Precision precision = nets::parse_precision(spec.get_string("precision", "auto"));
  const int cache_mb = spec.get_int("cache_mb", 64, 0, 65536);
  const bool symmetry = spec.get_bool("symmetry", true);
  spec.finish();

  const auto plan = load_plan(path, *game, precision, config.parallel.leaves_per_batch);
  const auto make_evaluator = [=](int) -> std::unique_ptr<mcts::Evaluator> {
    // All threads see a position under the same symmetry.
    std::optional<Rng> symmetry_rng;
    if (symmetry) symmetry_rng = Rng(seed);
    auto net = std::make_unique<NetEvaluator>(plan, *game, symmetry_rng);
    if (cache_mb == 0) return net;
    return std::make_unique<mcts::CachingEvaluator>(std::move(net), std::size_t(cache_mb) << 20);
  };
  return std::make_unique<SearchPlayer>(fmt::format("net({}, {})", path, config.limits.simulations),
                                        game, make_evaluator, config);
}

}  // namespace tengen::selfplay
