// Kills training with SIGKILL at random moments and goes on with it: nothing that was reported may
// be lost. The child is this test program itself, started again with a hidden test case as its job,
// so that it has threads and kernels of its own.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "engine/base/hash.hpp"
#include "envs/registry.hpp"
#include "nets/checkpoint.hpp"
#include "selfplay/alpha_zero.hpp"
#include "selfplay/optimizer_file.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tiny_training.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

constexpr const char* kRunVariable = "TENGEN_KILL_TEST_RUN";
constexpr const char* kPipeVariable = "TENGEN_KILL_TEST_PIPE";
constexpr int kKills = 20;

AlphaZeroConfig killed_training() {
  AlphaZeroConfig config = test::tiny_training();
  config.iterations = 100000;
  config.games_per_iteration = 30;
  return config;
}

/// Writes "g INDEX" and "c NUMBER" lines to the pipe, one write each, as soon as they are reported.
struct PipeReporter : TrainingObserver {
  explicit PipeReporter(int pipe) : pipe_(pipe) {}
  void on_games(std::span<const GameRow> rows) override {
    std::string lines;
    for (const GameRow& row : rows) lines += "g " + std::to_string(row.index) + "\n";
    send(lines);
  }
  void on_iteration(const IterationReport& report) override {
    send("c " + std::to_string(report.iteration) + "\n");
  }
  void send(const std::string& lines) {
    if (::write(pipe_, lines.data(), lines.size()) < 0) std::_Exit(3);
  }
  int pipe_;
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

/// Starts training in a child process, kills it after `seconds`, and returns what it reported.
std::string train_and_kill(const std::filesystem::path& run, double seconds) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const std::string pipe_text = std::to_string(ends[1]);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::setenv(kRunVariable, run.c_str(), 1);
    ::setenv(kPipeVariable, pipe_text.c_str(), 1);
    const int null = ::open("/dev/null", O_WRONLY);
    ::dup2(null, STDOUT_FILENO);
    ::execl("/proc/self/exe", "selfplay_tests", "[kill_child]", static_cast<char*>(nullptr));
    std::_Exit(127);
  }
  ::close(ends[1]);
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  int status = 0;
  REQUIRE(::waitpid(child, &status, WNOHANG) == 0);  // it is still at work
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  std::string text;
  char chunk[4096];
  for (ssize_t n; (n = ::read(ends[0], chunk, sizeof chunk)) > 0;)
    text.append(chunk, static_cast<std::size_t>(n));
  ::close(ends[0]);
  return text;
}

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
  const char* run = std::getenv(kRunVariable);
  const char* pipe = std::getenv(kPipeVariable);
  if (!run || !pipe) {
    WARN("SKIPPED: only the kill test starts this");
    return;
  }
  PipeReporter reporter(std::atoi(pipe));
  train(killed_training(), run, reporter);
}

TEST_CASE("Training killed at 20 random moments loses nothing that it reported",
          "[selfplay][train][kill]") {
  const test::TempDir dir;
  const std::filesystem::path path = dir / "run";
  Rng rng(2024);
  Reported reported;
  std::map<std::uint64_t, std::uint64_t> hash_of_game;
  int useful = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    const std::size_t before = reported.games.size();
    reported.add(train_and_kill(path, rng.uniform(0.02, 0.5)));
    useful += reported.games.size() > before;
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
