#include "selfplay/replay_window.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "tests/support/random_games.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

/// The record as it would be had every move been played under the symmetry.
GameRecord transformed(const GameRecord& record, const envs::Game& game, int symmetry) {
  GameRecord out = record;
  for (PlyRecord& ply : out.plies) ply.action = game.transform_action(symmetry, ply.action);
  for (PolicyEntry& entry : out.policy)
    entry.action = game.transform_action(symmetry, entry.action);
  return out;
}

struct Written {
  std::vector<float> observation, policy, ownership, known;
  friend bool operator==(const Written&, const Written&) = default;
};

Written write(const ReplayWindow& window, const envs::Game& game, std::size_t index, int symmetry) {
  Written w{std::vector<float>(static_cast<std::size_t>(game.observation_shape().size())),
            std::vector<float>(static_cast<std::size_t>(game.num_actions())),
            std::vector<float>(static_cast<std::size_t>(game.observation_shape().cells())),
            std::vector<float>(static_cast<std::size_t>(game.observation_shape().cells()))};
  window.write_position(index, symmetry, w.observation, w.policy);
  window.write_ownership(index, symmetry, w.ownership, w.known);
  return w;
}

/// A game of these moves.
GameRecord record_of(const envs::Game& game, std::string_view moves) {
  GameRecord record;
  record.game = game.spec();
  const auto state = game.new_initial_state();
  for (const envs::Action action : parse_moves(game, moves)) {
    record.plies.push_back(
        {.action = action, .player = static_cast<std::uint8_t>(state->current_player())});
    state->apply(action);
  }
  return record;
}

/// Black has the columns A and B, White D and E, nobody C.
constexpr const char* kShared = "B1 D1 B2 D2 B3 D3 B4 D4 B5 D5 pass pass";

}  // namespace

TEST_CASE("The replay window shows a game's own observations", "[selfplay][replay]") {
  const auto game = envs::make_game("connect_four");
  Rng rng(3);
  const GameRecord record = test::random_record(*game, 0, rng);
  ReplayWindow window(game, 1000);
  window.add(record);
  REQUIRE(window.size() == static_cast<std::size_t>(record.training_positions()));
  const auto state = game->new_initial_state();
  std::size_t index = 0;
  for (const PlyRecord& ply : record.plies) {
    if (ply.for_training) {
      const Written written = write(window, *game, index++, 0);
      std::vector<float> expected(written.observation.size());
      state->write_observation(expected);
      REQUIRE(written.observation == expected);
      for (const PolicyEntry& entry : record.policy_of(ply))
        REQUIRE(written.policy[static_cast<std::size_t>(entry.action)] == entry.probability);
    }
    state->apply(ply.action);
  }
}

TEST_CASE("A symmetry of a stored position is the position of the symmetric game",
          "[selfplay][replay]") {
  for (const char* spec : {"tic_tac_toe", "connect_four", "go:size=5,max_plies=2000"}) {
    const auto game = envs::make_game(spec);
    Rng rng(4);
    const GameRecord record = test::random_record(*game, 0, rng);
    ReplayWindow window(game, 100000);
    window.add(record);
    REQUIRE(game->num_symmetries() > 1);
    REQUIRE(write(window, *game, 0, 0).known.front() == (game->name() == "go" ? 1 : 0));
    for (int symmetry = 0; symmetry < game->num_symmetries(); ++symmetry) {
      ReplayWindow other(game, 100000);
      other.add(transformed(record, *game, symmetry));
      for (std::size_t i = 0; i < window.size(); ++i)
        REQUIRE(write(window, *game, i, symmetry) == write(other, *game, i, 0));
    }
  }
}

TEST_CASE("Samples carry the outcome for the side to move", "[selfplay][replay]") {
  const auto game = envs::make_game("tic_tac_toe");
  Rng rng(5);
  GameRecord record = test::random_record(*game, 0, rng);
  record.result = 1;  // player 0 won
  for (PlyRecord& ply : record.plies) {
    ply.root_value = 0.5f;
    ply.for_training = ply.player == 1;
  }
  ReplayWindow window(game, 100);
  window.add(record);
  TrainingBatch batch;
  window.sample(8, true, 0.0, rng, batch);
  for (float value : batch.value.values<float>()) CHECK(value == -1.0f);
  window.sample(8, true, 0.25, rng, batch);
  for (float value : batch.value.values<float>()) CHECK(value == Approx(0.75 * -1 + 0.25 * 0.5));
  CHECK(batch.observations.shape() == Shape{8, 3, 3, batch.observations.dim(3)});
}

TEST_CASE("Samples carry the final owners for the side to move", "[selfplay][replay]") {
  const auto game = envs::make_game("go:size=5");
  ReplayWindow window(game, 100);
  window.add(record_of(*game, kShared));
  const std::vector<float> black = {1, 1, 0, -1, -1};
  for (std::size_t ply = 0; ply < window.size(); ++ply) {
    const Written written = write(window, *game, ply, 0);
    for (std::size_t cell = 0; cell < 25; ++cell)
      REQUIRE(written.ownership[cell] == black[cell % 5] * (ply % 2 == 0 ? 1.0f : -1.0f));
  }
  Rng rng(7);
  TrainingBatch batch;
  window.sample(4, true, 0, rng, batch);
  CHECK(batch.ownership.shape() == Shape{4, 5, 5});
  CHECK(batch.owner_known.shape() == Shape{4, 5, 5});
  for (const float known : batch.owner_known.values<float>()) CHECK(known == 1);
}

TEST_CASE("Games that their rules did not end show only owners that nothing can change",
          "[selfplay][replay]") {
  const auto known = [](const char* spec, std::string_view moves) {
    const auto game = envs::make_game(spec);
    ReplayWindow window(game, 100);
    window.add(record_of(*game, moves));
    const Written written = write(window, *game, 0, 0);
    for (std::size_t cell = 0; cell < written.known.size(); ++cell)
      CHECK(std::abs(written.ownership[cell]) <= written.known[cell]);
    return std::ranges::count(written.known, 1.0f);
  };
  CHECK(known("go:size=5", kShared) == 25);
  CHECK(known("go:size=5", "B1 D1 B2 D2 pass") == 0);         // resigned or adjudicated
  CHECK(known("go:size=5,max_plies=4", "B1 D1 B2 D2") == 0);  // cut off
  CHECK(known("tic_tac_toe", "a1 b1 a2 b2 a3") == 0);
  // Black has two eyes in A1 and A3 to A5 and lives; White has a single one.
  CHECK(known("go:size=5", std::string(kShared).replace(30, 9, "A2")) == 10);
}

TEST_CASE("The replay window forgets its oldest positions", "[selfplay][replay]") {
  const auto game = envs::make_game("tic_tac_toe");
  Rng rng(6);
  ReplayWindow window(game, 20);
  std::vector<GameRecord> records;
  for (int i = 0; i < 10; ++i) {
    records.push_back(test::random_record(*game, static_cast<std::uint64_t>(i), rng));
    window.add(records.back());
  }
  REQUIRE(window.size() == 20);
  ReplayWindow last(game, 1000);
  for (const GameRecord& record : records) last.add(record);
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(write(window, *game, i, 0) == write(last, *game, last.size() - 20 + i, 0));
  window.set_capacity(5);
  CHECK(window.size() == 5);
}

TEST_CASE("Sampling is a function of the random stream alone", "[selfplay][replay]") {
  const auto game = envs::make_game("tic_tac_toe");
  Rng rng(8);
  ReplayWindow window(game, 1000);
  for (std::uint64_t i = 0; i < 20; ++i) window.add(test::random_record(*game, i, rng));
  TrainingBatch a, b;
  Rng first(1), second(1), third(2);
  window.sample(16, true, 0, first, a);
  window.sample(16, true, 0, second, b);
  const auto numbers = [](const TrainingBatch& batch) {
    const auto values = batch.observations.values<float>();
    return std::vector<float>(values.begin(), values.end());
  };
  CHECK(numbers(a) == numbers(b));
  window.sample(16, true, 0, third, b);
  CHECK(numbers(a) != numbers(b));
}

TEST_CASE("The replay window refuses games that it cannot replay", "[selfplay][replay]") {
  const auto game = envs::make_game("tic_tac_toe");
  Rng rng(9);
  ReplayWindow window(game, 100);
  CHECK_THROWS_AS(window.add(test::random_record(*envs::make_game("connect_four"), 0, rng)), Error);
  GameRecord record = test::random_record(*game, 0, rng);
  record.plies[1].action = record.plies[0].action;
  CHECK_THROWS_AS(window.add(record), Error);
  TrainingBatch batch;
  CHECK_THROWS_AS(ReplayWindow(game, 10).sample(1, true, 0, rng, batch), std::invalid_argument);
}
