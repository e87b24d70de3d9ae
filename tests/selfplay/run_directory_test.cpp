#include "selfplay/run_directory.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "selfplay/database.hpp"
#include "selfplay/replay_shard.hpp"
#include "tests/support/random_games.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::selfplay;
using Access = RunDirectory::Access;

namespace {

const auto kNoFiles = [](const std::filesystem::path&) {};

std::vector<GameRecord> some_games(const envs::Game& game, std::uint64_t first, int count,
                                   int iteration) {
  Rng rng(first + 1);
  std::vector<GameRecord> records;
  for (int i = 0; i < count; ++i)
    records.push_back(
        test::random_record(game, first + static_cast<std::uint64_t>(i), rng, iteration));
  return records;
}

}  // namespace

TEST_CASE("A run directory gives back what was stored in it", "[selfplay][run]") {
  const test::TempDir dir;
  const auto game = envs::make_game("tic_tac_toe");
  const auto records = some_games(*game, 0, 6, 1);
  {
    RunDirectory run = RunDirectory::create(dir / "run", {{"game", "tic_tac_toe"}});
    run.add_games(*game, std::span(records).first(4));
    run.add_games(*game, std::span(records).subspan(4));
    IterationRecord iteration;
    iteration.iteration = 1;
    iteration.train_steps = 77;
    iteration.metrics = {{"loss", 1.5}, {"games", 6}};
    iteration.match = MatchRow{.a = 1, .b = 0, .wins = 3, .draws = 2, .losses = 1};
    iteration.rating = RatingRow{.checkpoint = 1, .elo = 80, .low = -10, .high = 170};
    iteration.state = {{"best_checkpoint", "1"}};
    run.add_iteration(iteration, [](const std::filesystem::path& aside) {
      std::ofstream(aside / "net.safetensors") << "weights";
    });
  }
  const RunDirectory run = RunDirectory::open(dir / "run", Access::read);
  CHECK(run.config().at("game") == "tic_tac_toe");
  CHECK(run.counts().games == 6);
  const auto rows = run.games();
  REQUIRE(rows.size() == 6);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(run.load_game(rows[i]) == records[i]);
    CHECK(parse_moves(*game, rows[i].moves).size() == records[i].plies.size());
  }
  CHECK(run.load_iteration(1) == records);
  CHECK(run.games(2, 4).size() == 2);
  CHECK(run.games_of_iteration(2).empty());
  CHECK(run.metric_names() == std::vector<std::string>{"games", "loss"});
  CHECK(run.metrics("loss")[0].value == 1.5);
  CHECK(run.checkpoints()[0].train_steps == 77);
  CHECK(run.matches()[0].wins == 3);
  CHECK(run.ratings()[0].high == 170);
  CHECK(run.best_checkpoint() == 1);
  CHECK(std::filesystem::file_size(run.net_path(1)) == 7);
}

TEST_CASE("Opening something that is no run says what is wrong", "[selfplay][run]") {
  const test::TempDir dir;
  const auto open = [](const std::filesystem::path& path) {
    RunDirectory::open(path, Access::read);
  };
  CHECK_THROWS_WITH(open(dir / "missing"), Catch::Contains("no such run directory"));
  CHECK_THROWS_WITH(open(dir.path()), Catch::Contains("no run.db"));
  std::ofstream(dir / "run.db") << std::string(5000, 'x');
  CHECK_THROWS_WITH(open(dir.path()), Catch::Contains("not a run's database"));
  std::filesystem::remove(dir / "run.db");
  Database(dir / "run.db", Database::Mode::create).execute("CREATE TABLE foreign_table(x)");
  CHECK_THROWS_WITH(open(dir.path()), Catch::Contains("some other program"));
}

TEST_CASE("A run that may not be written says so", "[selfplay][run]") {
  const test::TempDir dir;
  RunDirectory::create(dir / "run", {});
  namespace fs = std::filesystem;
  fs::permissions(dir.path(), fs::perms::all);  // for another user
  fs::permissions(dir / "run" / "run.db", fs::perms::owner_read);
  const uid_t user = ::geteuid();
  if (user == 0) REQUIRE(::seteuid(65534) == 0);  // root may write anything
  std::string message;
  try {
    RunDirectory::open(dir / "run", Access::write);
  } catch (const Error& error) {
    message = error.what();
  }
  if (user == 0) REQUIRE(::seteuid(0) == 0);
  CHECK_THAT(message, Catch::Contains("Permission denied") && !Catch::Contains("database"));
}

TEST_CASE("A run of a newer format is refused", "[selfplay][run]") {
  const test::TempDir dir;
  RunDirectory::create(dir / "run", {});
  Database(dir / "run" / "run.db", Database::Mode::write).execute("PRAGMA user_version = 99");
  CHECK_THROWS_WITH(RunDirectory::open(dir / "run", Access::read), Catch::Contains("newer Tengen"));
}

TEST_CASE("A new run needs a new or empty directory", "[selfplay][run]") {
  const test::TempDir dir;
  std::ofstream(dir / "thesis.txt") << "years of work";
  CHECK_THROWS_WITH(RunDirectory::create(dir.path(), {}), Catch::Contains("nor empty"));
  CHECK_THROWS_WITH(RunDirectory::create(dir / "thesis.txt", {}), Catch::Contains("file"));
  CHECK(std::filesystem::file_size(dir / "thesis.txt") == 13);
  std::filesystem::create_directory(dir / "empty");
  CHECK_NOTHROW(RunDirectory::create(dir / "empty", {}));
}

TEST_CASE("Two processes cannot write one run", "[selfplay][run]") {
  const test::TempDir dir;
  const RunDirectory first = RunDirectory::create(dir / "run", {});
  CHECK_THROWS_WITH(RunDirectory::open(dir / "run", Access::write),
                    Catch::Contains("another process"));
  CHECK_NOTHROW(RunDirectory::open(dir / "run", Access::read));
}

TEST_CASE("A failed checkpoint leaves nothing behind", "[selfplay][run]") {
  const test::TempDir dir;
  RunDirectory run = RunDirectory::create(dir / "run", {});
  IterationRecord iteration;
  iteration.iteration = 5;
  CHECK_THROWS(run.add_iteration(iteration, [](const std::filesystem::path& aside) {
    std::ofstream(aside / "net.safetensors") << "half";
    throw std::runtime_error("disk full");
  }));
  CHECK_FALSE(std::filesystem::exists(run.checkpoint_path(5)));
  CHECK_FALSE(run.latest_checkpoint());
  run.add_iteration(iteration, kNoFiles);
  CHECK(run.latest_checkpoint() == 5);
}

TEST_CASE("Opening for writing removes what was never listed", "[selfplay][run]") {
  const test::TempDir dir;
  const auto game = envs::make_game("tic_tac_toe");
  const auto records = some_games(*game, 0, 3, 1);
  std::filesystem::path shard;
  {
    RunDirectory run = RunDirectory::create(dir / "run", {});
    run.add_games(*game, std::span(records).first(2));
    shard = run.shard_path(1);
    IterationRecord iteration;
    run.add_iteration(iteration, kNoFiles);
    std::filesystem::create_directory(run.checkpoint_path(1));
    std::filesystem::create_directory(run.path() / "checkpoints" / "writing");
  }
  std::ofstream(shard, std::ios::app | std::ios::binary) << "the start of a recor";
  RunDirectory run = RunDirectory::open(dir / "run", Access::write);
  CHECK(std::filesystem::exists(run.checkpoint_path(0)));
  CHECK_FALSE(std::filesystem::exists(run.checkpoint_path(1)));
  CHECK_FALSE(std::filesystem::exists(run.path() / "checkpoints" / "writing"));
  CHECK(run.load_iteration(1).size() == 2);
  run.add_games(*game, std::span(records).subspan(2));
  CHECK(run.load_iteration(1) == records);
}

TEST_CASE("Checkpoints before the newest keep their net alone", "[selfplay][run]") {
  const test::TempDir dir;
  RunDirectory run = RunDirectory::create(dir / "run", {});
  const auto has = [&](int number, const char* file) {
    return std::filesystem::exists(run.checkpoint_path(number) / file);
  };
  for (int k = 0; k < 2; ++k) {
    IterationRecord iteration;
    iteration.iteration = k;
    run.add_iteration(iteration, [](const std::filesystem::path& aside) {
      for (const char* file : {"net.safetensors", "optimizer.safetensors"})
        std::ofstream(aside / file) << file;
    });
    CHECK(has(k, "optimizer.safetensors"));
  }
  CHECK(has(0, "net.safetensors"));
  CHECK_FALSE(has(0, "optimizer.safetensors"));

  std::ofstream(run.checkpoint_path(0) / "optimizer.safetensors") << "a kill came first";
  run = RunDirectory::create(dir / "other", {});
  run = RunDirectory::open(dir / "run", Access::write);
  CHECK_FALSE(has(0, "optimizer.safetensors"));
  CHECK(has(1, "optimizer.safetensors"));
}

TEST_CASE("A shard that cannot be opened leaves no descriptor open", "[selfplay][run]") {
  const test::TempDir dir;
  const auto open_descriptors = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  std::ofstream(dir / "1.shard") << "short";
  const auto before = open_descriptors();
  CHECK_THROWS_AS(ShardWriter(dir / "1.shard", 1000), Error);
  CHECK_THROWS_AS(ShardWriter(dir.path(), 0), Error);
  CHECK(open_descriptors() == before);
}

TEST_CASE("A game that is listed twice is refused and changes nothing", "[selfplay][run]") {
  const test::TempDir dir;
  const auto game = envs::make_game("tic_tac_toe");
  const auto records = some_games(*game, 0, 3, 1);
  RunDirectory run = RunDirectory::create(dir / "run", {});
  run.add_games(*game, std::span(records).first(2));
  CHECK_THROWS_AS(run.add_games(*game, std::span(records).subspan(1)), Error);
  CHECK(run.counts().games == 2);
  run.add_games(*game, std::span(records).subspan(2));
  CHECK(run.load_iteration(1) == records);
}

TEST_CASE("A run spans the checkpoints that are superseded too", "[selfplay][run]") {
  const test::TempDir dir;
  RunDirectory run = RunDirectory::create(dir / "run", {{"game", "tic_tac_toe"}});
  CHECK(run.span_seconds() == 0);
  IterationRecord record;
  record.metrics = {{"loss", 1}};
  record.iteration = 1;
  run.add_iteration(record, kNoFiles);
  CHECK(run.span_seconds() == 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  record.iteration = 2;
  record.superseded = {1};
  run.add_iteration(record, kNoFiles);
  REQUIRE(run.checkpoints().size() == 1);
  CHECK(run.span_seconds() >= 0.001);
}
