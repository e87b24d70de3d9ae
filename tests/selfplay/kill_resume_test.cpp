// Kills training with SIGKILL at random moments and goes on with it: nothing that was reported may
// be lost.
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

#include "engine/base/hash.hpp"
#include "envs/registry.hpp"
#include "nets/checkpoint.hpp"
#include "selfplay/alpha_zero.hpp"
#include "selfplay/optimizer_file.hpp"
#include "tests/support/killed_child.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tiny_training.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

constexpr int kKills = 20;

AlphaZeroConfig killed_training() {
  AlphaZeroConfig config = test::tiny_training();
  config.iterations = 100000;
  config.games_per_iteration = 30;
  return config;
}

/// Writes "g INDEX" and "c NUMBER" lines to the pipe, one write each, as soon as they are reported.
struct PipeReporter : TrainingObserver {
  explicit PipeReporter(const test::ChildTask& task) : task_(task) {}
  void on_games(std::span<const GameRow> rows) override {
    std::string lines;
    for (const GameRow& row : rows) lines += "g " + std::to_string(row.index) + "\n";
    task_.report(lines);
  }
  void on_iteration(const IterationReport& report) override {
    task_.report("c " + std::to_string(report.iteration) + "\n");
  }
  const test::ChildTask& task_;
};

struct Reported {
  std::set<std::uint64_t> games;
  std::set<int> checkpoints;

  void add(const std::string& text) {
    std::istringstream in(text);
    char kind = 0;
    std::uint64_t number = 0;
    while (in >> kind >> number)
      kind == 'g' ? void(games.insert(number)) : void(checkpoints.insert(static_cast<int>(number)));
  }
};

/// Every reported game decodes and stays the same; every reported checkpoint loads.
void check_nothing_lost(const std::filesystem::path& path, const Reported& reported,
                        std::map<std::uint64_t, std::uint64_t>& hash_of_game) {
  const RunDirectory run = RunDirectory::open(path, RunDirectory::Access::read);
  std::map<std::uint64_t, GameRow> rows;
  for (const GameRow& row : run.games()) rows[row.index] = row;
  for (std::uint64_t index : reported.games) {
    REQUIRE(rows.count(index) == 1);
    if (hash_of_game.count(index)) continue;
    const GameRecord record = run.load_game(rows[index]);
    REQUIRE(record.index == index);
    hash_of_game[index] = hash_bytes(encode(record));
  }
  std::set<int> listed;
  for (const CheckpointRow& row : run.checkpoints()) listed.insert(row.number);
  for (int number : reported.checkpoints) REQUIRE(listed.count(number) == 1);
  for (int number : listed) REQUIRE_NOTHROW(nets::load_net_file(run.net_path(number).string()));
}

}  // namespace

TEST_CASE("Training child that the kill test starts and kills", "[.][kill_child]") {
  const auto task = test::ChildTask::given();
  if (!task) return;
  PipeReporter reporter(*task);
  train(killed_training(), task->run, reporter);
}

TEST_CASE("Training killed at 20 random moments loses nothing that it reported",
          "[selfplay][train][kill]") {
  const test::TempDir dir;
  const std::filesystem::path path = dir / "run";
  test::KillMoments moments(2024, 0.02, 0.5);
  Reported reported;
  std::map<std::uint64_t, std::uint64_t> hash_of_game;
  int useful = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    const std::size_t before = reported.games.size();
    reported.add(test::run_and_kill("[kill_child]", path, moments.next()));
    if (reported.games.size() > before)
      ++useful;
    else
      moments.came_before_any_work();
    if (RunDirectory::exists(path)) check_nothing_lost(path, reported, hash_of_game);
  }
  REQUIRE(useful >= 3);  // else the kills all came before any work: the test shows nothing

  TrainingObserver quiet;
  AlphaZeroConfig config = killed_training();
  config.iterations = *RunDirectory::open(path, RunDirectory::Access::read).latest_checkpoint() + 2;
  const TrainingSummary summary = train(config, path, quiet);
  CHECK(summary.iterations == config.iterations);
  check_nothing_lost(path, reported, hash_of_game);
  const RunDirectory run = RunDirectory::open(path, RunDirectory::Access::read);
  CHECK(run.counts().games == 30u * static_cast<unsigned>(config.iterations));
  for (const GameRow& row : run.games())
    if (hash_of_game.count(row.index))
      REQUIRE(hash_bytes(encode(run.load_game(row))) == hash_of_game[row.index]);
}
