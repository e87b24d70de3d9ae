// tengen match: two players against each other.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "engine/base/threads.hpp"
#include "envs/registry.hpp"
#include "selfplay/game_sgf.hpp"
#include "selfplay/match.hpp"
#include "selfplay/players/net_player.hpp"
#include "selfplay/players/policy_player.hpp"
#include "tools/commands.hpp"
#include "tools/commentary.hpp"
#include "tools/interrupt.hpp"
#include "tools/options.hpp"
#include "tools/output_files.hpp"
#include "tools/show_game.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFooter =
    "Players:\n"
    "  net:PATH,sims=100     a net file or a run directory (its best net); PATH alone will do\n"
    "  net:PATH,search=gumbel,sims=17   the same with Gumbel AlphaZero's search, for few visits\n"
    "  net:PATH,sims=400,threads=8      the same with several threads on one tree\n"
    "  mcts:sims=1000        pure MCTS with random rollouts\n"
    "  random                uniformly random moves\n"
    "  policy:RUN            a policy of tengen rl; likeliest=1: its most likely moves alone\n"
    "  gtp:COMMAND LINE      an outside Go program\n"
    "Ctrl-C ends, with the score of the games that are over.\n"
    "Examples:\n"
    "  tengen match net:runs/c4,sims=64 mcts:sims=1000 --games 100\n"
    "  tengen match runs/c4 untrained.safetensors --show\n"
    "  tengen match net:runs/go7 \"gtp:gnugo --mode gtp --level 10 --chinese-rules\" --sgf games";

struct MatchOptions {
  std::string a, b, game, sgf_directory;
  int games = 20, threads = 1, opening_plies = 2;
  std::uint64_t seed = 1;
  bool show = false;
};

/// A path alone means the net there; a kind of player is never taken for a path.
std::string player_description(const std::string& text) {
  const std::string kind = text.substr(0, text.find(':'));
  for (const char* known : {"net", "mcts", "random", "policy", "gtp"})
    if (kind == known) return text;
  return fs::exists(text) ? "net:" + text : text;
}

/// What a player says of its game; empty: nothing.
std::string game_of_player(const std::string& description) {
  if (description.starts_with("net:"))
    return selfplay::game_of_net(selfplay::split_net_description(description).first);
  if (!description.starts_with("policy:")) return "";
  const std::size_t colon = description.find(':');
  return selfplay::game_of_policy(description.substr(colon + 1, description.find(',') - colon - 1));
}

/// The game of the first player that names one, if `given` is empty.
std::string game_of(const std::string& given, const MatchOptions& options) {
  if (!given.empty()) return given;
  for (const std::string& text : {options.a, options.b})
    if (const std::string game = game_of_player(text); !game.empty()) return game;
  bad_argument("match",
               "expected --game GAME, as no player is a net or policy that names its game");
}

std::string result_text(const selfplay::MatchResult& match, const selfplay::MatchGame& game) {
  if (game.result_a == 0) return "drawn: " + game.reason;
  return fmt::format("{} ({}) wins: {}", game.result_a > 0 ? match.name_a : match.name_b,
                     game.result_a > 0 ? "a" : "b", game.reason);
}

void save_sgf(const MatchOptions& options, const envs::Game& game,
              const selfplay::MatchResult& match, const selfplay::MatchGame& played) {
  selfplay::SgfInfo info;
  info.black = played.a_moves_first ? match.name_a : match.name_b;
  info.white = played.a_moves_first ? match.name_b : match.name_a;
  info.result = played.a_moves_first ? played.result_a : -played.result_a;
  info.resigned = played.reason.find("resigned") != std::string::npos;
  const fs::path path =
      fs::path(options.sgf_directory) / fmt::format("game-{:04d}.sgf", played.index + 1);
  write_text_file(path, selfplay::game_to_sgf(game, played.actions, info));
}

/// The games as SGF, each as soon as it is over. One that cannot be written must cost neither the
/// match nor its score, so that is told at the end.
class GameFiles {
 public:
  explicit GameFiles(const MatchOptions& options) : options_(options) {
    if (wanted()) make_directory(options_.sgf_directory);
  }

  void save(const envs::Game& game, const selfplay::MatchResult& match,
            const selfplay::MatchGame& played) {
    if (!wanted()) return;
    try {
      save_sgf(options_, game, match, played);
      ++saved_;
    } catch (const Error& error) {
      if (failed_++ == 0) first_error_ = error.what();
    }
  }
  /// Throws Error if a game was not saved.
  void report() const {
    if (!wanted()) return;
    std::cout << saved_ << " games in " << options_.sgf_directory << "\n";
    if (failed_ > 0) throw Error(fmt::format("{}; {} games are not saved", first_error_, failed_));
  }

 private:
  bool wanted() const { return !options_.sgf_directory.empty(); }

  const MatchOptions& options_;
  int saved_ = 0, failed_ = 0;
  std::string first_error_;
};

void show_last_game(const envs::Game& game, const selfplay::MatchResult& match,
                    const Commentary& commentary) {
  if (match.games.empty()) return;
  const selfplay::MatchGame& last = match.games.back();
  ShownGame shown{{match.name_a, match.name_b}, {"a", "b"}, last.actions, result_text(match, last)};
  if (!last.a_moves_first) {
    std::swap(shown.names[0], shown.names[1]);
    std::swap(shown.labels[0], shown.labels[1]);
  }
  std::cout << fmt::format("Game {} of the match\n", last.index + 1)
            << show_game(game, shown, commentary) << "\n";
}

/// "end of game 18, b resigned 2"
std::string ends_text(const selfplay::MatchResult& match) {
  std::map<std::string, int> ends;
  for (const selfplay::MatchGame& game : match.games) ++ends[game.reason];
  std::string text;
  for (const auto& [reason, games] : ends)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", reason, games);
  return text;
}

/// Score of each side by who moved first, then the whole with its interval.
void print_result(const selfplay::MatchResult& match) {
  selfplay::Tally first, second;
  for (const selfplay::MatchGame& game : match.games)
    (game.a_moves_first ? first : second).add(game.result_a);
  TextTable table({"<", "wins", "draws", "losses", "score"});
  const auto add = [&table](const std::string& name, const selfplay::Tally& tally) {
    table.add({name, std::to_string(tally.wins), std::to_string(tally.draws),
               std::to_string(tally.losses),
               tally.games() > 0 ? fmt::format("{:.1f}%", 100 * tally.score()) : "-"});
  };
  add("a moves first", first);
  add("a moves second", second);
  add("a in all", match.tally);
  std::cout << "a: " << match.name_a << "\nb: " << match.name_b << "\n"
            << table.to_string() << selfplay::describe(match.tally) << "\n"
            << "games ended by: " << ends_text(match) << "\n";
}

/// The progress line; it begins once both players exist, so that a wrong player is one line of
/// error.
class MatchProgress {
 public:
  explicit MatchProgress(int games) : games_(games) {}

  void player_made() {
    const std::lock_guard lock(mutex_);
    if (++players_ == 2) line_.emplace("match", "games", static_cast<std::uint64_t>(games_));
  }
  void game_over(const selfplay::Tally& tally) {
    const std::lock_guard lock(mutex_);
    if (line_)
      line_->update(static_cast<std::uint64_t>(tally.games()),
                    fmt::format("a: +{} ={} -{}", tally.wins, tally.draws, tally.losses));
  }

 private:
  const int games_;
  std::mutex mutex_;  // guards the rest
  int players_ = 0;
  std::optional<Progress> line_;
};

selfplay::MatchResult play(const MatchOptions& options,
                           const std::shared_ptr<const envs::Game>& game, Commentary& commentary,
                           GameFiles& files, const std::atomic<bool>& stop) {
  MatchProgress progress(options.games);
  const auto factory = [&](const std::string& description) {
    return [&, description](std::uint64_t seed) {
      auto player = selfplay::make_player(description, game, seed, &stop);
      progress.player_made();
      return commentary.attend(std::move(player));
    };
  };
  selfplay::MatchConfig config;
  config.game = game;
  config.games = options.games;
  config.threads = options.threads;
  config.seed = options.seed;
  config.opening_plies = options.opening_plies;
  return selfplay::play_match(
      config, factory(options.a), factory(options.b),
      [&](const selfplay::MatchGame& played, const selfplay::MatchResult& so_far) {
        files.save(*game, so_far, played);
        progress.game_over(so_far.tally);
      },
      &stop);
}

int match(MatchOptions options) {
  options.a = player_description(options.a);
  options.b = player_description(options.b);
  const auto game = envs::make_game(game_of(options.game, options));
  const InterruptFlag interrupt;
  GameFiles files(options);
  Commentary commentary;
  const selfplay::MatchResult result = play(options, game, commentary, files, interrupt.flag());
  if (options.show) show_last_game(*game, result, commentary);
  if (const int over = result.tally.games(); over < options.games)
    std::cout << fmt::format("stopped on request after {} of {} games\n", over, options.games);
  if (!result.games.empty()) print_result(result);
  files.report();
  return 0;
}

}  // namespace

void add_match_command(Command& root) {
  Command command = root.add_command("match", "set two players against each other", kFooter);
  const auto options = std::make_shared<MatchOptions>();
  options->threads = default_threads();
  command.option("A", &options->a, "a player, see below").required().type("");
  command.option("B", &options->b, "the other player").required().type("");
  command.config_option();
  command
      .option("--game", &options->game, "default: the game of the net or policy among the players")
      .type("GAME");
  command.option("--games", &options->games, "in pairs with colours swapped").range(1, 1e6);
  command.option("--threads", &options->threads, "games at once; default: one per logical CPU")
      .range(1, 1024);
  command
      .option("--opening-plies", &options->opening_plies,
              "random moves that open each pair of games")
      .range(0, 1000);
  command.option("--seed", &options->seed, "of all random numbers");
  command.option("--sgf", &options->sgf_directory, "save the games there").type("DIR");
  command.option("--show", &options->show, "print the last game board by board");
  command.action([options] { return match(*options); });
}

}  // namespace tengen::tools
