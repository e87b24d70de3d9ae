// A run is a directory: everything that training makes, and all it needs to go on after a kill.
//
//   run.db            SQLite in WAL mode: config, state, games, metrics, checkpoints, matches,
//                     ratings
//   checkpoints/N/    net.safetensors (the net that plays); in the newest, all that resuming needs
//                     as well: training_net.safetensors, optimizer.safetensors, state.json
//   replay/N.shard    the games of iteration N (replay_shard.hpp)
//   lock              held (flock) by the process that writes
//
// What the database lists is durable: files are written aside, fsynced and renamed before the
// transaction that names them, and the database commits with synchronous=FULL. Opening for writing
// removes what an interrupted process left unlisted (shard tails, unnamed checkpoints).
// A run goes on from its newest checkpoint, so older ones keep their net alone: a night of training
// then costs a third of the disk.
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "selfplay/game_record.hpp"

namespace tengen::selfplay {

/// A self-play game as the database lists it.
struct GameRow {
  std::uint64_t index = 0;
  int iteration = 0;
  float result = 0;  // for player 0
  int plies = 0;
  int positions = 0;  // for training
  GameEnd end = GameEnd::terminal;
  bool resign_disabled = true;
  std::uint64_t offset = 0;  // of its record in replay/<iteration>.shard
  std::string moves;         // Game notation, separated by spaces
};

struct MetricRow {
  int step = 0;  // iteration
  std::string name;
  double value = 0;
  double time = 0;  // seconds since 1970
};

struct CheckpointRow {
  int number = 0;  // = iteration; 0 is the untrained net
  std::int64_t train_steps = 0;
  double time = 0;
};

/// A match that training played: checkpoint a against checkpoint b.
struct MatchRow {
  int a = 0, b = 0;                     // checkpoint numbers
  int wins = 0, draws = 0, losses = 0;  // of a
  int simulations = 0;
  double time = 0;
};

/// Elo of a checkpoint, checkpoint 0 being 0, with a 95% interval (ChainRating; in older runs
/// of its last match alone).
struct RatingRow {
  int checkpoint = 0;
  double elo = 0, low = 0, high = 0;
};

/// All that an iteration adds when it is finished; written in one transaction.
struct IterationRecord {
  int iteration = 0;
  std::int64_t train_steps = 0;
  std::vector<std::pair<std::string, double>> metrics;
  std::optional<MatchRow> match;
  std::optional<RatingRow> rating;
  std::map<std::string, std::string> state;  // keys to set in the state table
  std::vector<int> superseded;               // checkpoints that are no longer needed
};

struct GameCounts {
  std::uint64_t games = 0, positions = 0;
};

class RunDirectory {
 public:
  enum class Access { read, write };

  static bool exists(const std::filesystem::path& path);
  /// Makes a new run; `path` must not exist or be an empty directory. `config` is stored.
  static RunDirectory create(const std::filesystem::path& path,
                             const std::map<std::string, std::string>& config);
  /// Throws Error if the directory is missing, not a run, made by a newer Tengen, or (for writing)
  /// in use by another process.
  static RunDirectory open(const std::filesystem::path& path, Access access);

  ~RunDirectory();
  RunDirectory(RunDirectory&&) noexcept;
  RunDirectory& operator=(RunDirectory&&) noexcept;

  const std::filesystem::path& path() const;
  std::filesystem::path checkpoint_path(int number) const;  // checkpoints/N
  std::filesystem::path net_path(int number) const;         // checkpoints/N/net.safetensors
  std::filesystem::path shard_path(int iteration) const;

  // Reading --------------------------------------------------------------------------------------
  std::map<std::string, std::string> config() const;
  std::optional<std::string> state(const std::string& key) const;
  std::vector<std::string> metric_names() const;
  std::vector<MetricRow> metrics(const std::string& name) const;  // by step
  std::vector<CheckpointRow> checkpoints() const;                 // by number
  /// From the first checkpoint to the newest, with those that have been superseded.
  double span_seconds() const;
  std::vector<MatchRow> matches() const;   // in order of time
  std::vector<RatingRow> ratings() const;  // by checkpoint
  GameCounts counts(std::optional<int> iteration = std::nullopt) const;
  /// One more than the highest game index of the iterations before `iteration`; 0 without any.
  std::uint64_t first_game_of(int iteration) const;
  /// Games with index in [first, last), by index, at most `limit`.
  std::vector<GameRow> games(std::uint64_t first = 0, std::uint64_t last = UINT64_MAX / 2,
                             std::uint64_t limit = UINT64_MAX / 2) const;
  std::vector<GameRow> games_of_iteration(int iteration) const;  // by index
  /// The full record, from its shard. Throws Error if the shard is damaged there.
  GameRecord load_game(const GameRow& row) const;
  std::vector<GameRecord> load_iteration(int iteration) const;  // by index

  /// The newest checkpoint, or nullopt before the first.
  std::optional<int> latest_checkpoint() const;
  /// The one that plays for the run: the last to pass the gate, or the newest without gating.
  std::optional<int> best_checkpoint() const;

  // Writing (Access::write only) ------------------------------------------------------------------
  /// Replaces the stored config.
  void set_config(const std::map<std::string, std::string>& config);
  /// Appends finished games, all of one iteration, durably: on return they are reported for good.
  std::vector<GameRow> add_games(const envs::Game& game, std::span<const GameRecord> records);
  /// Makes checkpoints/<record.iteration>: `write_files` fills a temporary directory, which is then
  /// fsynced and renamed; then one transaction writes all of `record`. Superseded checkpoints are
  /// removed after it.
  void add_iteration(const IterationRecord& record,
                     const std::function<void(const std::filesystem::path&)>& write_files);

 private:
  struct Impl;
  explicit RunDirectory(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tengen::selfplay
