#include "selfplay/alpha_zero.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "selfplay/match.hpp"
#include "tests/support/perfect_player.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tiny_training.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

struct Recorder : TrainingObserver {
  int first_iteration = 0;
  std::uint64_t games = 0;
  std::vector<IterationReport> reports;
  std::vector<std::string> changes;
  void on_start(int first, const GameCounts&) override { first_iteration = first; }
  void on_games(std::span<const GameRow> rows) override { games += rows.size(); }
  void on_iteration(const IterationReport& report) override { reports.push_back(report); }
  void on_config_change(const std::string& name, const std::string&, const std::string&) override {
    changes.push_back(name);
  }
};

}  // namespace

TEST_CASE("Two trainings with one seed and one thread are identical", "[selfplay][train]") {
  const test::TempDir dir;
  Recorder observer;
  for (const char* name : {"a", "b"}) train(test::tiny_training(), dir / name, observer);
  const RunDirectory a = RunDirectory::open(dir / "a", RunDirectory::Access::read);
  const RunDirectory b = RunDirectory::open(dir / "b", RunDirectory::Access::read);
  REQUIRE(a.counts().games == 36);
  for (int k = 0; k <= 3; ++k) {
    CHECK(file_bytes(a.net_path(k)) == file_bytes(b.net_path(k)));
    CHECK(a.load_iteration(k) == b.load_iteration(k));
  }
  CHECK(file_bytes(a.net_path(2)) != file_bytes(a.net_path(3)));
}

TEST_CASE("Games that training plays tell how far they are by their moves", "[selfplay][train]") {
  struct Listener : TrainingObserver {
    void on_phase(const std::string& label, const std::string&, std::uint64_t) override {
      phase = label;
    }
    void on_progress(std::uint64_t, const std::string& note,
                     const std::optional<WorkDone>& work_done) override {
      last_note[phase] = note;
      if (phase != "training") last_share[phase] = work_done.value().share;
    }
    std::string phase;
    std::map<std::string, std::string> last_note;
    std::map<std::string, double> last_share;
  } observer;
  const test::TempDir dir;
  train(test::tiny_training(), dir / "run", observer);
  for (const char* phase : {"self-play", "evaluation"}) {
    CHECK_THAT(observer.last_note[phase], Catch::Matchers::Matches(".*[0-9]+/~[0-9]+ moves"));
    CHECK(observer.last_share[phase] == 1);
  }
}

TEST_CASE("Training in two calls equals training in one", "[selfplay][train]") {
  const test::TempDir dir;
  Recorder observer;
  AlphaZeroConfig config = test::tiny_training();
  train(config, dir / "whole", observer);
  config.iterations = 2;
  train(config, dir / "parts", observer);
  config.iterations = 3;
  train(config, dir / "parts", observer);
  CHECK(observer.first_iteration == 3);
  CHECK(observer.changes == std::vector<std::string>{"iterations"});
  const RunDirectory a = RunDirectory::open(dir / "whole", RunDirectory::Access::read);
  const RunDirectory b = RunDirectory::open(dir / "parts", RunDirectory::Access::read);
  CHECK(file_bytes(a.net_path(3)) == file_bytes(b.net_path(3)));
  CHECK(a.load_iteration(3) == b.load_iteration(3));
}

TEST_CASE("Owners are learned from self-play alike in one call and in two",
          "[selfplay][train][ownership]") {
  const test::TempDir dir;
  Recorder observer;
  AlphaZeroConfig config = test::tiny_training();
  config.game = "go:size=3";
  config.net = "resnet:blocks=1,channels=4,value_hidden=4,ownership=true";
  config.iterations = 2;
  config.evaluate_every = 0;
  train(config, dir / "whole", observer);
  for (const IterationReport& report : observer.reports) CHECK(report.losses.ownership > 0);
  config.iterations = 1;
  train(config, dir / "parts", observer);
  {  // as a run that is older than the weight of this loss
    RunDirectory run = RunDirectory::open(dir / "parts", RunDirectory::Access::write);
    auto older = run.config();
    older.erase("ownership_weight");
    run.set_config(older);
  }
  config.iterations = 2;
  train(config, dir / "parts", observer);
  CHECK(observer.changes == std::vector<std::string>{"iterations", "ownership_weight"});
  const RunDirectory a = RunDirectory::open(dir / "whole", RunDirectory::Access::read);
  const RunDirectory b = RunDirectory::open(dir / "parts", RunDirectory::Access::read);
  CHECK(file_bytes(a.net_path(2)) == file_bytes(b.net_path(2)));
  CHECK(b.metrics("ownership_loss").size() == 2);
}

TEST_CASE("Fewer games an iteration after an interruption leave no gap that stops the run",
          "[selfplay][train]") {
  const test::TempDir dir;
  AlphaZeroConfig config = test::tiny_training();
  const auto game = envs::make_game(config.game);
  Recorder observer;
  config.iterations = 1;
  train(config, dir / "run", observer);
  {  // what an interrupted second iteration may leave: games out of order, with gaps
    RunDirectory run = RunDirectory::open(dir / "run", RunDirectory::Access::write);
    std::vector<GameRecord> left = run.load_iteration(1);
    left.resize(3);
    for (std::size_t i = 0; i < left.size(); ++i) {
      left[i].iteration = 2;
      left[i].index = run.counts().games + 2 * i;
    }
    run.add_games(*game, left);
  }
  config.games_per_iteration = 3;
  config.iterations = 4;
  CHECK(train(config, dir / "run", observer).iterations == 4);
}

TEST_CASE("A training call that has nothing left to do says so", "[selfplay][train]") {
  const test::TempDir dir;
  Recorder observer;
  train(test::tiny_training(), dir / "run", observer);
  CHECK(observer.games == 36);
  REQUIRE(observer.reports.size() == 3);
  CHECK(observer.reports[1].match.has_value());
  CHECK(observer.reports[0].games == 12);
  CHECK(observer.reports[0].train_steps > 0);
  const TrainingSummary again = train(test::tiny_training(), dir / "run", observer);
  CHECK(again.reason == StopReason::iterations);
  CHECK(again.iterations == 3);
  CHECK(observer.reports.size() == 3);
}

TEST_CASE("A run of another game or net is refused and stays as it was", "[selfplay][train]") {
  const test::TempDir dir;
  Recorder observer;
  AlphaZeroConfig config = test::tiny_training();
  config.iterations = 1;
  train(config, dir / "run", observer);
  const std::string before = file_bytes(dir / "run" / "run.db");
  AlphaZeroConfig other = config;
  other.game = "connect_four";
  CHECK_THROWS_WITH(train(other, dir / "run", observer),
                    Catch::Contains("tic_tac_toe") && Catch::Contains("connect_four"));
  other = config;
  other.net = "mlp:layers=1,hidden=17";
  CHECK_THROWS_WITH(train(other, dir / "run", observer), Catch::Contains("hidden=17"));
  CHECK(file_bytes(dir / "run" / "run.db") == before);
}

TEST_CASE("A bad config is refused before anything is written", "[selfplay][train]") {
  const test::TempDir dir;
  Recorder observer;
  AlphaZeroConfig config = test::tiny_training();
  config.batch = 0;
  CHECK_THROWS_AS(train(config, dir / "run", observer), std::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(dir / "run"));
}

TEST_CASE("With gating a net that does not win its match does not play", "[selfplay][train]") {
  const test::TempDir dir;
  Recorder observer;
  AlphaZeroConfig config = test::tiny_training();
  config.gating = true;
  config.evaluate_every = 1;
  config.gate_threshold = 1.0;
  config.trainer.learning_rate = 1e-9;  // every net plays like the first
  train(config, dir / "run", observer);
  const RunDirectory run = RunDirectory::open(dir / "run", RunDirectory::Access::read);
  CHECK(run.best_checkpoint() == 0);
  CHECK(run.latest_checkpoint() == 3);
  CHECK(run.matches().size() == 3);
  for (const IterationReport& report : observer.reports) CHECK_FALSE(report.promoted);
}

TEST_CASE("Training stops when asked and keeps what it reported", "[selfplay][train]") {
  struct Stopper : Recorder {
    std::atomic<bool> stop = false;
    void on_iteration(const IterationReport& report) override {
      Recorder::on_iteration(report);
      if (report.iteration == 2) stop = true;
    }
  } observer;
  const test::TempDir dir;
  AlphaZeroConfig config = test::tiny_training();
  config.iterations = 1000;
  const TrainingSummary summary = train(config, dir / "run", observer, &observer.stop);
  CHECK(summary.reason == StopReason::requested);
  CHECK(summary.checkpoint == 2);
}

TEST_CASE("Self-play and training learn tic-tac-toe", "[selfplay][train]") {
  const test::TempDir dir;
  Recorder observer;
  AlphaZeroConfig config = test::tiny_training();
  config.net = "mlp:layers=2,hidden=64";
  config.iterations = 20;
  config.games_per_iteration = 60;
  config.self_play.simulations = 32;
  config.self_play.games_per_thread = 16;
  config.batch = 64;
  config.samples_per_position = 8;
  config.trainer.optimizer = "adam";
  config.trainer.learning_rate = 0.003;
  config.replay_min = 1000;
  config.evaluate_every = 0;
  train(config, dir / "run", observer);
  CHECK(observer.reports.back().losses.policy < observer.reports.front().losses.policy);

  MatchConfig match;
  match.game = envs::make_game("tic_tac_toe");
  match.games = 60;
  const std::string net = "net:" + (dir / "run").string() + ",sims=25,temp_plies=0";
  const auto make_net = [&](std::uint64_t seed) { return make_player(net, match.game, seed); };
  const auto make_perfect = [](std::uint64_t) { return std::make_unique<test::PerfectPlayer>(); };
  CHECK(play_match(match, make_net, make_perfect).tally.losses == 0);
  const auto make_random = [&](std::uint64_t seed) {
    return make_player("random", match.game, seed);
  };
  CHECK(play_match(match, make_net, make_random).tally.score() > 0.85);
}
