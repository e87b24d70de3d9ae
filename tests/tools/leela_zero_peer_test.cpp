// Leela Zero, given one of our nets, must see in real positions what we see.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/sgf.hpp"
#include "envs/registry.hpp"
#include "nets/foreign/leela_zero.hpp"
#include "nets/inference/inference_plan.hpp"
#include "selfplay/players/gtp_process.hpp"
#include "tests/support/net_fixtures.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;
using namespace tengen::envs;

namespace {

constexpr int kPositions = 20;
constexpr std::size_t kPoints = 361;

/// 361 points (row 0 at the top) and the pass in permille, and the mover's winrate.
struct Seen {
  std::vector<double> permille;
  double winrate = 0;
};

/// Leela Zero, whose `heatmap` goes to its standard error.
class LeelaZero {
 public:
  LeelaZero(const std::string& program, const std::string& weights, const std::string& log)
      : process_(
            fmt::format("{} --gtp --cpu-only --noponder -t 1 -w {} 2> {}", program, weights, log),
            120),
        log_(log) {}

  void command(const std::string& line) { process_.command(line); }

  /// 19 rows of integers, the highest first (it rounds down), "pass: N", "winrate: X".
  Seen heatmap() {
    const auto begin = std::filesystem::file_size(log_);
    process_.command("heatmap");
    std::ifstream log(log_);
    log.seekg(static_cast<std::streamoff>(begin));
    Seen seen;
    seen.permille.resize(kPoints + 1);
    for (std::size_t i = 0; i < kPoints; ++i) log >> seen.permille[i];
    std::string pass, winrate;
    log >> pass >> seen.permille[kPoints] >> winrate >> seen.winrate;
    REQUIRE(log);
    REQUIRE(pass == "pass:");
    REQUIRE(winrate == "winrate:");
    return seen;
  }

 private:
  selfplay::GtpProcess process_;
  const std::string log_;
};

Seen evaluate(const nets::InferencePlan& plan, const go::GoState& state) {
  std::vector<float> observation(static_cast<std::size_t>(plan.observation_size()));
  std::vector<float> logits(kPoints + 1);
  float value = 0;
  state.write_observation(observation);
  plan.evaluate(1, observation, logits, {&value, 1}, *plan.make_scratch());
  const double largest = *std::max_element(logits.begin(), logits.end());
  Seen seen{{logits.begin(), logits.end()}, (1 + value) / 2};
  for (double& p : seen.permille) p = std::exp(p - largest);
  const double sum = std::accumulate(seen.permille.begin(), seen.permille.end(), 0.0);
  for (double& p : seen.permille) p *= 1000 / sum;
  return seen;
}

/// A net with heads that have opinions: policies far from uniform, values far from 0.
std::unique_ptr<nets::PolicyValueNet> opinionated_net(const std::string& spec) {
  Rng rng(11);
  auto net = nets::make_net(spec, {.height = 19, .width = 19, .channels = 18, .actions = 362}, rng);
  test::randomize_norms_and_biases(*net, rng);
  net->eval();
  return net;
}

/// Games on the full board without set-up stones, with at least so many moves.
std::vector<go::SgfGame> long_games(const std::string& directory, std::size_t moves) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    if (entry.path().extension() == ".sgf") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<go::SgfGame> games;
  for (const auto& path : paths) try {
      go::SgfGame game = go::read_sgf(path.string());
      if (game.width == 19 && game.height == 19 && game.black.empty() && game.white.empty() &&
          game.moves.size() >= moves)
        games.push_back(std::move(game));
    } catch (const Error&) {  // what the reader refuses is its tests' concern
    }
  return games;
}

/// Plays the first `plies` moves on both sides; false if the game has a move illegal for us.
bool follow(const go::SgfGame& game, int plies, go::GoState& state, LeelaZero& leelaz) {
  try {
    go::load_sgf(game, state, plies);
  } catch (const Error&) {
    return false;
  }
  leelaz.command("clear_board");
  for (int ply = 0; ply < plies; ++ply) {
    const go::SgfMove& move = game.moves[static_cast<std::size_t>(ply)];
    leelaz.command(fmt::format("play {} {}", move.player == 0 ? "b" : "w",
                               state.game().action_to_string(move.action)));
  }
  return true;
}

struct Difference {
  double permille = 0, winrate = 0;
};

/// Beyond what rounding down explains. Leela Zero shows 0 where there are stones.
void widen(Difference& worst, const Seen& ours, const Seen& theirs, const go::Board& board) {
  for (std::size_t i = 0; i <= kPoints; ++i) {
    if (i < kPoints && board.color(board.point_of_cell(static_cast<int>(i))) != go::Color::kEmpty)
      continue;
    const double above = ours.permille[i] - theirs.permille[i];  // in [0, 1) if equal
    worst.permille = std::max({worst.permille, -above, above - 1});
  }
  worst.winrate = std::max(worst.winrate, std::abs(ours.winrate - theirs.winrate));
}

}  // namespace

TEST_CASE("Leela Zero sees what we see with an exported net", "[tools][leela_zero][slow]") {
  const char *leelaz = std::getenv("TENGEN_LEELAZ"), *sgf = std::getenv("TENGEN_SGF");
  if (!leelaz || !sgf) {
    WARN("SKIPPED: TENGEN_LEELAZ does not name Leela Zero's program or TENGEN_SGF no SGF files");
    std::cout << "SKIPPED: TENGEN_LEELAZ or TENGEN_SGF is not set\n";
    return;
  }
  const std::string spec = GENERATE(as<std::string>{}, "resnet:blocks=6,channels=96",
                                    "resnet:blocks=4,channels=32,first_player_plane=16");
  const test::TempDir dir;
  const auto net = opinionated_net(spec);
  nets::save_leela_zero(dir / "net.txt.gz", *net);
  const nets::InferencePlan plan(net->graph(), nets::Precision::fp32, 1);
  LeelaZero process(leelaz, dir / "net.txt.gz", dir / "log");
  const auto game = make_game(nets::leela_zero_game(19));
  const std::vector<go::SgfGame> games = long_games(sgf, 100);
  REQUIRE_FALSE(games.empty());
  Difference worst;
  int compared = 0;
  double sharpest = 0;
  for (int i = 0; compared < kPositions && i < 10 * kPositions; ++i) {
    const go::SgfGame& record = games[static_cast<std::size_t>(i) % games.size()];
    const auto plies =
        static_cast<int>((7 + 13 * static_cast<std::size_t>(i)) % record.moves.size());
    go::GoState state(*go::as_go(*game));
    if (!follow(record, plies, state, process) || state.is_terminal()) continue;
    const Seen ours = evaluate(plan, state);
    widen(worst, ours, process.heatmap(), state.board());
    sharpest += *std::max_element(ours.permille.begin(), ours.permille.end()) / kPositions;
    ++compared;
  }
  REQUIRE(compared == kPositions);
  std::cout << fmt::format(
      "Leela Zero against {}: {} positions, largest difference beyond rounding {:.4f} permille, "
      "winrate {:.7f}; the best moves have {:.0f} permille in the mean\n",
      spec, compared, worst.permille, worst.winrate, sharpest);
  CHECK(worst.permille < 0.01);
  CHECK(worst.winrate < 2e-5);
  CHECK(sharpest > 50);
}
