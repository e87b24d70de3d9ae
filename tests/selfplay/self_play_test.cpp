#include "selfplay/self_play.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "envs/registry.hpp"
#include "tests/support/tiny_nets.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

SelfPlayConfig small_config() {
  SelfPlayConfig config;
  config.simulations = 12;
  config.games_per_thread = 4;
  config.cache_mb = 1;
  config.search.noise_fraction = 0.25f;
  config.adjudicate_proven = false;  // games end by their rules
  return config;
}

/// The games 0 .. count - 1, by index.
std::vector<GameRecord> play(const SelfPlayConfig& config, const char* spec, std::uint64_t count,
                             int threads = 1) {
  const auto game = envs::make_game(spec);
  std::vector<std::uint64_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0);
  const SelfPlayJob job{.game = game,
                        .plan = test::tiny_plan(*game),
                        .iteration = 3,
                        .seed = 5,
                        .indices = indices,
                        .threads = threads};
  std::vector<GameRecord> records;
  SelfPlayCallbacks callbacks;
  callbacks.on_games = [&](std::vector<GameRecord>&& finished) {
    for (GameRecord& record : finished) records.push_back(std::move(record));
  };
  play_games(config, job, callbacks);
  std::sort(records.begin(), records.end(),
            [](const GameRecord& a, const GameRecord& b) { return a.index < b.index; });
  return records;
}

/// Replays the record; the state after its last played move.
std::unique_ptr<envs::State> replayed(const GameRecord& record) {
  static const auto games =
      std::pair(envs::make_game("tic_tac_toe"), envs::make_game("connect_four"));
  const auto& game = record.game == games.first->spec() ? games.first : games.second;
  auto state = game->new_initial_state();
  for (const PlyRecord& ply : record.plies) {
    REQUIRE(state->current_player() == ply.player);
    REQUIRE(state->is_legal(ply.action));
    state->apply(ply.action);
  }
  return state;
}

}  // namespace

TEST_CASE("Self-play plays every game asked for to its end", "[selfplay][games]") {
  for (int threads : {1, 3}) {
    const auto records = play(small_config(), "tic_tac_toe", 25, threads);
    REQUIRE(records.size() == 25);
    for (std::uint64_t i = 0; i < 25; ++i) {
      const GameRecord& record = records[i];
      REQUIRE(record.index == i);
      CHECK(record.iteration == 3);
      const auto state = replayed(record);
      REQUIRE(state->is_terminal());
      CHECK(record.result == state->returns(0));
      for (const PlyRecord& ply : record.plies) {
        float sum = 0;
        for (const PolicyEntry& entry : record.policy_of(ply)) sum += entry.probability;
        CHECK(sum == Approx(1).margin(1e-4));
      }
    }
  }
}

TEST_CASE("Single-threaded self-play is reproducible", "[selfplay][games]") {
  const auto first = play(small_config(), "connect_four", 6);
  CHECK(first == play(small_config(), "connect_four", 6));
  CHECK(first[0].plies != first[1].plies);
}

TEST_CASE("Fast searches of playout cap randomisation are not trained on", "[selfplay][games]") {
  SelfPlayConfig config = small_config();
  config.full_fraction = 0.25;
  config.fast_simulations = 4;
  int full = 0, all = 0;
  for (const GameRecord& record : play(config, "connect_four", 12)) {
    full += record.training_positions();
    all += static_cast<int>(record.plies.size());
    for (const PlyRecord& ply : record.plies) CHECK(ply.for_training == (ply.policy_count > 0));
  }
  CHECK(full > 0);
  CHECK(full < all / 2);
}

TEST_CASE("A resigned game is lost for the side to move", "[selfplay][games]") {
  SelfPlayConfig config = small_config();
  config.resign_threshold = 0.9;  // nearly everybody is below
  config.played_on_fraction = 0.5;
  int resigned = 0, played_on = 0;
  for (const GameRecord& record : play(config, "connect_four", 30)) {
    if (record.resign_disabled) {
      ++played_on;
      CHECK(record.end == GameEnd::terminal);
    } else if (record.end == GameEnd::resigned) {
      ++resigned;
      CHECK(record.result == (record.plies.back().player == 0 ? -1 : 1));
      CHECK(record.plies.back().root_value < 0.9f);
    }
  }
  CHECK(resigned > 5);
  CHECK(played_on > 5);
}

TEST_CASE("Adjudicated games end as perfect play would end them", "[selfplay][games]") {
  SelfPlayConfig config = small_config();
  config.simulations = 60;
  config.adjudicate_proven = true;
  int adjudicated = 0;
  for (const GameRecord& record : play(config, "tic_tac_toe", 10)) {
    if (record.end != GameEnd::adjudicated) continue;
    ++adjudicated;
    const int player = record.plies.back().player;
    const auto state = replayed(record);
    // The chosen move keeps the proven result: if it ends the game the results agree.
    if (state->is_terminal())
      CHECK(state->returns(player) == record.result * (player == 0 ? 1 : -1));
  }
  CHECK(adjudicated > 0);
}

TEST_CASE("Self-play stops early when asked to", "[selfplay][games]") {
  const auto game = envs::make_game("connect_four");
  std::vector<std::uint64_t> indices(100000);
  std::iota(indices.begin(), indices.end(), 0);
  const SelfPlayJob job{
      .game = game, .plan = test::tiny_plan(*game), .indices = indices, .threads = 2};
  std::atomic<bool> stop = false;
  std::size_t played = 0;
  SelfPlayCallbacks callbacks;
  callbacks.on_games = [&](std::vector<GameRecord>&& finished) {
    played += finished.size();
    stop = true;
  };
  play_games(small_config(), job, callbacks, &stop);
  CHECK(played > 0);
  CHECK(played < indices.size());
}

TEST_CASE("An exception in a callback ends self-play and is thrown on", "[selfplay][games]") {
  const auto game = envs::make_game("tic_tac_toe");
  std::vector<std::uint64_t> indices(100000);
  std::iota(indices.begin(), indices.end(), 0);
  const SelfPlayJob job{
      .game = game, .plan = test::tiny_plan(*game), .indices = indices, .threads = 2};
  SelfPlayCallbacks callbacks;
  callbacks.on_games = [](std::vector<GameRecord>&&) { throw std::runtime_error("disk full"); };
  CHECK_THROWS_WITH(play_games(small_config(), job, callbacks), "disk full");
}

TEST_CASE("Self-play says how much of its time the net takes", "[selfplay][games]") {
  const auto game = envs::make_game("connect_four");
  const std::vector<std::uint64_t> indices = {0, 1, 2, 3, 4, 5};
  const SelfPlayJob job{.game = game,
                        .plan = test::tiny_plan(*game),
                        .iteration = 0,
                        .seed = 5,
                        .indices = indices,
                        .threads = 2};
  SelfPlayConfig config = small_config();
  const SelfPlayStats cached = play_games(config, job, {});
  CHECK(cached.net_seconds > 0);
  CHECK(cached.net_seconds < cached.worker_seconds);
  CHECK(cached.worker_seconds <= 2 * cached.seconds);
  CHECK(cached.net_evaluations > 0);
  CHECK(cached.net_evaluations < cached.evaluations);  // the cache answers the shared opening
  config.cache_mb = 0;
  const SelfPlayStats uncached = play_games(config, job, {});
  CHECK(uncached.net_evaluations == uncached.evaluations);
}
