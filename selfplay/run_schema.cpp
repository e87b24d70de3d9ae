#include "selfplay/run_schema.hpp"

#include "engine/base/error.hpp"

namespace tengen::selfplay {

namespace {

constexpr std::int64_t kApplicationId = 0x54474e31;  // "TGN1": marks our databases
constexpr std::int64_t kSchemaVersion = 1;

constexpr const char* kSchema = R"sql(
CREATE TABLE config(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE state(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE metrics(step INTEGER NOT NULL, name TEXT NOT NULL, value REAL, time REAL NOT NULL,
                     PRIMARY KEY(name, step)) WITHOUT ROWID;
CREATE TABLE games(game INTEGER PRIMARY KEY, iteration INTEGER NOT NULL, result REAL NOT NULL,
                   plies INTEGER NOT NULL, positions INTEGER NOT NULL, ending INTEGER NOT NULL,
                   resign_disabled INTEGER NOT NULL, offset INTEGER NOT NULL, moves TEXT NOT NULL);
CREATE INDEX games_by_iteration ON games(iteration);
CREATE TABLE shards(iteration INTEGER PRIMARY KEY, size INTEGER NOT NULL);
CREATE TABLE checkpoints(number INTEGER PRIMARY KEY, train_steps INTEGER NOT NULL,
                         time REAL NOT NULL);
CREATE TABLE matches(id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL,
                     wins INTEGER NOT NULL, draws INTEGER NOT NULL, losses INTEGER NOT NULL,
                     simulations INTEGER NOT NULL, time REAL NOT NULL);
CREATE TABLE ratings(checkpoint INTEGER PRIMARY KEY, elo REAL NOT NULL, low REAL NOT NULL,
                     high REAL NOT NULL);
)sql";

}  // namespace

void create_schema(Database& database) {
  database.execute(kSchema);
  database.execute(fmt::format("PRAGMA application_id = {}", kApplicationId).c_str());
  database.execute(fmt::format("PRAGMA user_version = {}", kSchemaVersion).c_str());
}

void check_schema(const Database& database, const std::filesystem::path& path) {
  std::int64_t id = 0, version = 0;
  try {
    id = database.query_integer("PRAGMA application_id");
    version = database.query_integer("PRAGMA user_version");
  } catch (const Error& error) {
    throw Error(path.string(), fmt::format("not a run's database ({})", error.what()));
  }
  if (id != kApplicationId)
    throw Error(path.string(), "not a run's database: some other program wrote it");
  if (version > kSchemaVersion)
    throw Error(path.string(),
                fmt::format("made by a newer Tengen (format {}, this one reads up to "
                            "{}); update Tengen",
                            version, kSchemaVersion));
}

}  // namespace tengen::selfplay
