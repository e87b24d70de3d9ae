#include "selfplay/run_directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "engine/base/error.hpp"
#include "selfplay/database.hpp"
#include "selfplay/durable_files.hpp"
#include "selfplay/replay_shard.hpp"
#include "selfplay/run_lock.hpp"
#include "selfplay/run_schema.hpp"

namespace tengen::selfplay {

namespace fs = std::filesystem;

namespace {

constexpr const char* kNetFile = "net.safetensors";

constexpr const char* kGameColumns =
    "SELECT game, iteration, result, plies, positions, ending, resign_disabled, offset, moves FROM "
    "games ";

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

GameRow read_game_row(const Statement& row) {
  return {.index = static_cast<std::uint64_t>(row.integer(0)),
          .iteration = static_cast<int>(row.integer(1)),
          .result = static_cast<float>(row.real(2)),
          .plies = static_cast<int>(row.integer(3)),
          .positions = static_cast<int>(row.integer(4)),
          .end = static_cast<GameEnd>(row.integer(5)),
          .resign_disabled = row.integer(6) != 0,
          .offset = static_cast<std::uint64_t>(row.integer(7)),
          .moves = row.text(8)};
}

GameRow make_game_row(const envs::Game& game, const GameRecord& record, std::uint64_t offset) {
  std::vector<envs::Action> actions;
  for (const PlyRecord& ply : record.plies) actions.push_back(ply.action);
  // An adjudicated or resigned game's last recorded move was chosen but not played.
  if (record.end != GameEnd::terminal && !actions.empty()) actions.pop_back();
  return {.index = record.index,
          .iteration = record.iteration,
          .result = record.result,
          .plies = static_cast<int>(actions.size()),
          .positions = record.training_positions(),
          .end = record.end,
          .resign_disabled = record.resign_disabled,
          .offset = offset,
          .moves = moves_text(game, actions)};
}

/// SQLite would find out late and in its own words, for reading alone can need to write as well.
void check_writable(const fs::path& path) {
  if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0)
    throw Error(path.string(), fmt::format("cannot be written ({}), as going on with a run needs",
                                           std::strerror(errno)));
}

/// What create() leaves if it is killed: nothing of value, so it may be taken up again.
bool is_unfinished_run(const fs::path& path) {
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name == "lock" || name.starts_with("run.db.new") ||
                      ((name == "checkpoints" || name == "replay") && fs::is_empty(entry.path()));
    if (!ours) return false;
  }
  return true;
}

/// Removes from an older checkpoint what only going on with training needs.
void keep_net_alone(const fs::path& checkpoint) {
  for (const fs::directory_entry& entry : fs::directory_iterator(checkpoint))
    if (entry.path().filename() != kNetFile) fs::remove(entry.path());
}

}  // namespace

struct RunDirectory::Impl {
  fs::path path;
  std::unique_ptr<RunLock> lock;  // null when reading
  std::unique_ptr<Database> database;
  std::unique_ptr<ShardWriter> shard;
  int shard_iteration = -1;

  ShardWriter& shard_of(int iteration, const fs::path& file);
  void remove_unneeded();
};

// The shard is cut to what the database lists, so a tail left by a kill never gets a reader.
ShardWriter& RunDirectory::Impl::shard_of(int iteration, const fs::path& file) {
  if (shard && shard_iteration == iteration) return *shard;
  std::uint64_t committed = 0;
  Statement query = database->prepare("SELECT size FROM shards WHERE iteration = ?");
  if (query.bind(iteration).step()) committed = static_cast<std::uint64_t>(query.integer(0));
  shard.reset();
  shard = std::make_unique<ShardWriter>(file, committed);
  sync_directory(file.parent_path());
  shard_iteration = iteration;
  return *shard;
}

void RunDirectory::Impl::remove_unneeded() {
  std::vector<std::string> listed;  // the newest last
  Statement query = database->prepare("SELECT number FROM checkpoints ORDER BY number");
  while (query.step()) listed.push_back(std::to_string(query.integer(0)));
  for (const fs::directory_entry& entry : fs::directory_iterator(path / "checkpoints")) {
    const std::string name = entry.path().filename().string();
    if (std::find(listed.begin(), listed.end(), name) == listed.end())
      fs::remove_all(entry.path());
    else if (name != listed.back())
      keep_net_alone(entry.path());
  }
}

RunDirectory::RunDirectory(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunDirectory::~RunDirectory() = default;
RunDirectory::RunDirectory(RunDirectory&&) noexcept = default;
RunDirectory& RunDirectory::operator=(RunDirectory&&) noexcept = default;

bool RunDirectory::exists(const fs::path& path) { return fs::exists(path / "run.db"); }

RunDirectory RunDirectory::create(const fs::path& path,
                                  const std::map<std::string, std::string>& config) {
  if (fs::exists(path) && !fs::is_directory(path))
    throw Error(path.string(), "expected a directory for the run, this is a file");
  if (fs::exists(path) && !is_unfinished_run(path))
    throw Error(path.string(), "neither a run nor empty: a new run needs a new or empty directory");
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  try {
    fs::create_directories(path / "checkpoints");
    fs::create_directories(path / "replay");
  } catch (const fs::filesystem_error& error) {
    throw Error(path.string(), "cannot create the run directory: " + error.code().message());
  }
  sync_directory(fs::absolute(path / ".").parent_path().parent_path());
  impl->lock = std::make_unique<RunLock>(path);
  // run.db appears complete or not at all: a kill in the middle leaves only run.db.new.
  const fs::path aside = path / "run.db.new";
  fs::remove(aside);
  {
    Database database(aside, Database::Mode::create);
    // WAL from the start: a kill amid a later change of mode would leave a journal that readers
    // cannot roll back.
    database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    Transaction transaction(database);
    create_schema(database);
    Statement insert = database.prepare("INSERT INTO config VALUES(?, ?)");
    for (const auto& [key, value] : config) insert.bind(key).bind(value).run();
    transaction.commit();
  }
  rename_durably(aside, path / "run.db");
  impl->lock.reset();
  return open(path, Access::write);
}

RunDirectory RunDirectory::open(const fs::path& path, Access access) {
  if (!fs::is_directory(path)) throw Error(path.string(), "no such run directory");
  if (!exists(path)) throw Error(path.string(), "not a run directory: it has no run.db");
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  const bool write = access == Access::write;
  if (write) {
    check_writable(path);
    check_writable(path / "run.db");
    impl->lock = std::make_unique<RunLock>(path);
  }
  impl->database = std::make_unique<Database>(path / "run.db",
                                              write ? Database::Mode::write : Database::Mode::read);
  check_schema(*impl->database, path / "run.db");
  if (write) {
    impl->database->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    fs::create_directories(path / "checkpoints");
    fs::create_directories(path / "replay");
    impl->remove_unneeded();
  }
  return RunDirectory(std::move(impl));
}

const fs::path& RunDirectory::path() const { return impl_->path; }

fs::path RunDirectory::checkpoint_path(int number) const {
  return impl_->path / "checkpoints" / std::to_string(number);
}

fs::path RunDirectory::net_path(int number) const { return checkpoint_path(number) / kNetFile; }

fs::path RunDirectory::shard_path(int iteration) const {
  return impl_->path / "replay" / fmt::format("{:06}.shard", iteration);
}

// Reading ---------------------------------------------------------------------------------------

std::map<std::string, std::string> RunDirectory::config() const {
  std::map<std::string, std::string> values;
  Statement query = impl_->database->prepare("SELECT key, value FROM config");
  while (query.step()) values[query.text(0)] = query.text(1);
  return values;
}

std::optional<std::string> RunDirectory::state(const std::string& key) const {
  Statement query = impl_->database->prepare("SELECT value FROM state WHERE key = ?");
  if (!query.bind(key).step()) return std::nullopt;
  return query.text(0);
}

std::vector<std::string> RunDirectory::metric_names() const {
  std::vector<std::string> names;
  Statement query = impl_->database->prepare("SELECT DISTINCT name FROM metrics ORDER BY name");
  while (query.step()) names.push_back(query.text(0));
  return names;
}

std::vector<MetricRow> RunDirectory::metrics(const std::string& name) const {
  std::vector<MetricRow> rows;
  Statement query = impl_->database->prepare(
      "SELECT step, value, time FROM metrics WHERE name = ? ORDER BY step");
  query.bind(name);
  while (query.step())
    rows.push_back({static_cast<int>(query.integer(0)), name, query.real(1), query.real(2)});
  return rows;
}

std::vector<CheckpointRow> RunDirectory::checkpoints() const {
  std::vector<CheckpointRow> rows;
  Statement query =
      impl_->database->prepare("SELECT number, train_steps, time FROM checkpoints ORDER BY number");
  while (query.step())
    rows.push_back({static_cast<int>(query.integer(0)), query.integer(1), query.real(2)});
  return rows;
}

// A superseded checkpoint is gone from the table, but its metrics stay.
double RunDirectory::span_seconds() const {
  Statement query = impl_->database->prepare(
      "SELECT coalesce(max(time) - min(time), 0) FROM "
      "(SELECT time FROM checkpoints UNION ALL SELECT time FROM metrics)");
  query.step();
  return query.real(0);
}

std::vector<MatchRow> RunDirectory::matches() const {
  std::vector<MatchRow> rows;
  Statement query = impl_->database->prepare(
      "SELECT a, b, wins, draws, losses, simulations, time FROM matches ORDER BY id");
  const auto number = [&](int column) { return static_cast<int>(query.integer(column)); };
  while (query.step())
    rows.push_back(
        {number(0), number(1), number(2), number(3), number(4), number(5), query.real(6)});
  return rows;
}

std::vector<RatingRow> RunDirectory::ratings() const {
  std::vector<RatingRow> rows;
  Statement query = impl_->database->prepare(
      "SELECT checkpoint, elo, low, high FROM ratings ORDER BY checkpoint");
  while (query.step())
    rows.push_back(
        {static_cast<int>(query.integer(0)), query.real(1), query.real(2), query.real(3)});
  return rows;
}

GameCounts RunDirectory::counts(std::optional<int> iteration) const {
  Statement query = impl_->database->prepare(
      iteration ? "SELECT count(*), sum(positions) FROM games WHERE iteration = ?"
                : "SELECT count(*), sum(positions) FROM games");
  if (iteration) query.bind(*iteration);
  query.step();
  return {static_cast<std::uint64_t>(query.integer(0)),
          static_cast<std::uint64_t>(query.integer(1))};
}

std::uint64_t RunDirectory::first_game_of(int iteration) const {
  Statement query =
      impl_->database->prepare("SELECT coalesce(max(game) + 1, 0) FROM games WHERE iteration < ?");
  query.bind(iteration);
  query.step();
  return static_cast<std::uint64_t>(query.integer(0));
}

std::vector<GameRow> RunDirectory::games(std::uint64_t first, std::uint64_t last,
                                         std::uint64_t limit) const {
  std::vector<GameRow> rows;
  Statement query = impl_->database->prepare(
      (std::string(kGameColumns) + "WHERE game >= ? AND game < ? ORDER BY game LIMIT ?").c_str());
  query.bind(first).bind(last).bind(limit);
  while (query.step()) rows.push_back(read_game_row(query));
  return rows;
}

std::vector<GameRow> RunDirectory::games_of_iteration(int iteration) const {
  std::vector<GameRow> rows;
  Statement query = impl_->database->prepare(
      (std::string(kGameColumns) + "WHERE iteration = ? ORDER BY game").c_str());
  query.bind(iteration);
  while (query.step()) rows.push_back(read_game_row(query));
  return rows;
}

GameRecord RunDirectory::load_game(const GameRow& row) const {
  GameRecord record = read_record(shard_path(row.iteration), row.offset);
  if (record.index != row.index)
    throw Error(shard_path(row.iteration).string(), row.offset,
                fmt::format("expected game {}, found game {}", row.index, record.index));
  return record;
}

std::vector<GameRecord> RunDirectory::load_iteration(int iteration) const {
  const std::uint64_t listed = counts(iteration).games;
  if (listed == 0) return {};
  ShardContents contents = read_shard(shard_path(iteration));
  if (contents.records.size() < listed)
    throw Error(shard_path(iteration).string(), contents.valid_size,
                fmt::format("the shard is damaged: run.db lists {} games, only {} can be read",
                            listed, contents.records.size()));
  contents.records.resize(listed);  // a tail beyond them was never reported
  std::sort(contents.records.begin(), contents.records.end(),
            [](const GameRecord& a, const GameRecord& b) { return a.index < b.index; });
  return std::move(contents.records);
}

std::optional<int> RunDirectory::latest_checkpoint() const {
  Statement query = impl_->database->prepare("SELECT max(number) FROM checkpoints");
  query.step();
  if (query.is_null(0)) return std::nullopt;
  return static_cast<int>(query.integer(0));
}

std::optional<int> RunDirectory::best_checkpoint() const {
  const auto best = state("best_checkpoint");
  return best ? std::optional(std::stoi(*best)) : latest_checkpoint();
}

// Writing ---------------------------------------------------------------------------------------

void RunDirectory::set_config(const std::map<std::string, std::string>& config) {
  Transaction transaction(*impl_->database);
  impl_->database->execute("DELETE FROM config");
  Statement insert = impl_->database->prepare("INSERT INTO config VALUES(?, ?)");
  for (const auto& [key, value] : config) insert.bind(key).bind(value).run();
  transaction.commit();
}

std::vector<GameRow> RunDirectory::add_games(const envs::Game& game,
                                             std::span<const GameRecord> records) {
  if (records.empty()) return {};
  const int iteration = records.front().iteration;
  ShardWriter& shard = impl_->shard_of(iteration, shard_path(iteration));
  std::vector<GameRow> rows;
  try {
    const std::vector<std::uint64_t> offsets = shard.append(records);
    Transaction transaction(*impl_->database);
    Statement insert =
        impl_->database->prepare("INSERT INTO games VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (std::size_t i = 0; i < records.size(); ++i) {
      const GameRow& row = rows.emplace_back(make_game_row(game, records[i], offsets[i]));
      insert.bind(row.index).bind(row.iteration).bind(double{row.result}).bind(row.plies);
      insert.bind(row.positions).bind(static_cast<int>(row.end)).bind(int{row.resign_disabled});
      insert.bind(row.offset).bind(row.moves).run();
    }
    impl_->database->prepare("INSERT OR REPLACE INTO shards VALUES(?, ?)")
        .bind(iteration)
        .bind(shard.size())
        .run();
    transaction.commit();
  } catch (...) {
    impl_->shard.reset();  // reopened, and cut to what is listed, by the next call
    throw;
  }
  return rows;
}

void RunDirectory::add_iteration(const IterationRecord& record,
                                 const std::function<void(const fs::path&)>& write_files) {
  const fs::path target = checkpoint_path(record.iteration);
  const fs::path aside = impl_->path / "checkpoints" / "writing";
  fs::remove_all(aside);
  fs::create_directories(aside);
  write_files(aside);
  sync_tree(aside);
  rename_durably(aside, target);

  Database& database = *impl_->database;
  const double time = now();
  Transaction transaction(database);
  database.prepare("INSERT INTO checkpoints VALUES(?, ?, ?)")
      .bind(record.iteration)
      .bind(record.train_steps)
      .bind(time)
      .run();
  Statement metric = database.prepare("INSERT OR REPLACE INTO metrics VALUES(?, ?, ?, ?)");
  for (const auto& [name, value] : record.metrics)
    metric.bind(record.iteration).bind(name).bind(value).bind(time).run();
  if (const auto& match = record.match)
    database
        .prepare(
            "INSERT INTO matches(a, b, wins, draws, losses, simulations, time) "
            "VALUES(?, ?, ?, ?, ?, ?, ?)")
        .bind(match->a)
        .bind(match->b)
        .bind(match->wins)
        .bind(match->draws)
        .bind(match->losses)
        .bind(match->simulations)
        .bind(time)
        .run();
  if (const auto& rating = record.rating)
    database.prepare("INSERT OR REPLACE INTO ratings VALUES(?, ?, ?, ?)")
        .bind(rating->checkpoint)
        .bind(rating->elo)
        .bind(rating->low)
        .bind(rating->high)
        .run();
  Statement state = database.prepare("INSERT OR REPLACE INTO state VALUES(?, ?)");
  for (const auto& [key, value] : record.state) state.bind(key).bind(value).run();
  Statement drop = database.prepare("DELETE FROM checkpoints WHERE number = ?");
  for (const int number : record.superseded) drop.bind(number).run();
  transaction.commit();
  for (const int number : record.superseded) fs::remove_all(checkpoint_path(number));
  if (const fs::path older = checkpoint_path(record.iteration - 1); fs::exists(older))
    keep_net_alone(older);
}

}  // namespace tengen::selfplay
