#include "selfplay/match.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "selfplay/net_match.hpp"
#include "selfplay/opening.hpp"
#include "tests/support/perfect_player.hpp"
#include "tests/support/tiny_nets.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

MatchConfig tic_tac_toe_match(int games) {
  MatchConfig config;
  config.game = envs::make_game("tic_tac_toe");
  config.games = games;
  return config;
}

PlayerFactory from(const char* description, const MatchConfig& config) {
  return [description, game = config.game](std::uint64_t seed) {
    return make_player(description, game, seed);
  };
}

const PlayerFactory kPerfect = [](std::uint64_t) {
  return std::make_unique<test::PerfectPlayer>();
};

/// Answers with a fixed action, legal or not; kNoAction resigns.
struct Stubborn : Player {
  std::optional<envs::Action> answer;
  std::string name() const override { return "stubborn"; }
  void new_game(const envs::State&) override {}
  void observe(envs::Action) override {}
  std::optional<envs::Action> select_action(const envs::State&, Rng&) override { return answer; }
};

PlayerFactory stubborn(std::optional<envs::Action> answer) {
  return [answer](std::uint64_t) {
    auto player = std::make_unique<Stubborn>();
    player->answer = answer;
    return player;
  };
}

/// Throws Error in the games of the given numbers, counted over every player the factory made.
struct Failing : Player {
  std::unique_ptr<Player> inner;
  std::shared_ptr<int> games;
  std::vector<int> fails;
  std::string name() const override { return "failing"; }
  void new_game(const envs::State& start) override {
    ++*games;
    inner->new_game(start);
  }
  void observe(envs::Action action) override { inner->observe(action); }
  std::optional<envs::Action> select_action(const envs::State& state, Rng& rng) override {
    if (std::find(fails.begin(), fails.end(), *games) != fails.end()) throw Error("it died");
    return inner->select_action(state, rng);
  }
};

PlayerFactory failing_in_games(std::vector<int> fails) {
  return [games = std::make_shared<int>(0), fails](std::uint64_t) {
    auto player = std::make_unique<Failing>();
    player->inner = std::make_unique<test::PerfectPlayer>();
    player->games = games;
    player->fails = fails;
    return player;
  };
}

}  // namespace

TEST_CASE("A player that fails loses that game and plays the next", "[selfplay][match]") {
  const MatchResult result = play_match(tic_tac_toe_match(6), failing_in_games({2, 4}), kPerfect);
  CHECK(result.tally.losses == 2);
  CHECK(result.tally.draws == 4);
  CHECK(result.games[1].reason == "a failed: it died");
  CHECK(result.games[2].reason == "end of game");
}

TEST_CASE("A player that fails twice in a row ends the match with its error", "[selfplay][match]") {
  CHECK_THROWS_AS(play_match(tic_tac_toe_match(6), failing_in_games({2, 3}), kPerfect), Error);
}

TEST_CASE("A match that is stopped keeps the games that are over", "[selfplay][match]") {
  std::atomic<bool> stop = false;
  const auto stop_after_three = [&](const MatchGame&, const MatchResult& so_far) {
    if (so_far.tally.games() == 3) stop = true;
  };
  const MatchResult result =
      play_match(tic_tac_toe_match(10), kPerfect, kPerfect, stop_after_three, &stop);
  CHECK(result.tally.draws == 3);
  CHECK(result.games.size() == 3);
}

TEST_CASE("A game that is stopped is abandoned and so is its failing player", "[selfplay][match]") {
  std::atomic<bool> stop = false;
  /// Stops the match amid its second game, and then fails if `error`.
  struct Stopping : test::PerfectPlayer {
    std::atomic<bool>* stop = nullptr;
    bool error = false;
    int games = 0;
    void new_game(const envs::State& start) override {
      ++games;
      test::PerfectPlayer::new_game(start);
    }
    std::optional<envs::Action> select_action(const envs::State& state, Rng& rng) override {
      if (games == 2) *stop = true;
      if (*stop && error) throw Error("it was stopped");
      return test::PerfectPlayer::select_action(state, rng);
    }
  };
  for (const bool error : {false, true}) {
    stop = false;
    const auto stopping = [&](std::uint64_t) {
      auto player = std::make_unique<Stopping>();
      player->stop = &stop;
      player->error = error;
      return player;
    };
    const MatchResult result = play_match(tic_tac_toe_match(10), stopping, kPerfect, {}, &stop);
    CHECK(result.tally.draws == 1);
    CHECK(result.tally.games() == 1);
    CHECK(result.name_b == "perfect");
  }
}

TEST_CASE("Perfect players of tic-tac-toe draw every game", "[selfplay][match]") {
  const MatchResult result = play_match(tic_tac_toe_match(10), kPerfect, kPerfect);
  CHECK(result.tally.draws == 10);
  CHECK(result.name_a == "perfect");
}

TEST_CASE("A perfect player never loses to a random one", "[selfplay][match]") {
  const MatchConfig config = tic_tac_toe_match(40);
  const MatchResult result = play_match(config, from("random", config), kPerfect);
  CHECK(result.tally.wins == 0);
  CHECK(result.tally.losses > 20);
  int tally = 0;
  for (const MatchGame& game : result.games) {
    const auto state = config.game->new_initial_state();
    for (envs::Action action : game.actions) state->apply(action);
    REQUIRE(state->is_terminal());
    CHECK(game.result_a == state->returns(game.a_moves_first ? 0 : 1));
    CHECK(game.a_moves_first == (game.index % 2 == 0));
    tally += static_cast<int>(game.result_a);
  }
  CHECK(tally == result.tally.wins - result.tally.losses);
}

TEST_CASE("Pure MCTS beats random play and draws with perfect play", "[selfplay][match]") {
  const MatchConfig config = tic_tac_toe_match(10);
  const auto mcts = from("mcts:sims=5000", config);
  CHECK(play_match(config, mcts, from("random", config)).tally.score() > 0.8);
  CHECK(play_match(config, mcts, kPerfect).tally.losses == 0);
}

TEST_CASE("Both games of a pair start with the same opening", "[selfplay][match]") {
  MatchConfig config = tic_tac_toe_match(12);
  config.opening_plies = 3;
  const MatchResult result = play_match(config, from("random", config), from("random", config));
  bool different = false;
  for (std::size_t i = 0; i < 12; i += 2) {
    const auto& a = result.games[i].actions;
    const auto& b = result.games[i + 1].actions;
    CHECK(std::equal(a.begin(), a.begin() + 3, b.begin()));
    different |= !std::equal(a.begin(), a.begin() + 3, result.games[0].actions.begin());
  }
  CHECK(different);
}

TEST_CASE("Openings never end the game", "[selfplay][match]") {
  const auto game = envs::make_game("tic_tac_toe");
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    const auto state = game->new_initial_state();
    for (envs::Action action : random_opening(*game, 8, rng)) state->apply(action);
    REQUIRE_FALSE(state->is_terminal());
    REQUIRE(state->ply() >= 5);
  }
}

TEST_CASE("An illegal move or a resignation loses the game", "[selfplay][match]") {
  const MatchConfig config = tic_tac_toe_match(2);
  const MatchResult illegal = play_match(config, stubborn(77), kPerfect);
  CHECK(illegal.tally.losses == 2);
  CHECK(illegal.games[0].reason == "a played an illegal move");
  const MatchResult resigned = play_match(config, kPerfect, stubborn(std::nullopt));
  CHECK(resigned.tally.wins == 2);
  CHECK(resigned.games[1].reason == "b resigned");
}

TEST_CASE("A match is the same on one thread and on several", "[selfplay][match]") {
  MatchConfig config = tic_tac_toe_match(16);
  const auto actions_of = [&] {
    std::vector<std::vector<envs::Action>> all;
    for (const MatchGame& game : play_match(config, from("random", config), kPerfect).games)
      all.push_back(game.actions);
    return all;
  };
  const auto single = actions_of();
  config.threads = 4;
  CHECK(actions_of() == single);
}

TEST_CASE("A net against itself scores half in a batched match", "[selfplay][match]") {
  const auto game = envs::make_game("connect_four");
  const auto plan = test::tiny_plan(*game);
  NetMatchConfig config;
  config.game = game;
  config.games = 20;
  config.simulations = 10;
  config.threads = 2;
  config.games_per_thread = 5;
  // Pairs swap colours and the moves are deterministic, so each pair is split exactly.
  const Tally tally = play_net_match(config, plan, plan);
  CHECK(tally.games() == 20);
  CHECK(tally.wins == tally.losses);
}

TEST_CASE("Bad match configs and player descriptions are refused", "[selfplay][match]") {
  MatchConfig config = tic_tac_toe_match(0);
  CHECK_THROWS_AS(play_match(config, kPerfect, kPerfect), std::invalid_argument);
  const auto game = config.game;
  CHECK_THROWS_AS(make_player("genius", game, 1), std::invalid_argument);
  CHECK_THROWS_AS(make_player("mcts:sims=0", game, 1), std::invalid_argument);
  CHECK_THROWS_AS(make_player("mcts:simulations=5", game, 1), std::invalid_argument);
  CHECK_THROWS_AS(make_player("net:", game, 1), std::invalid_argument);
  CHECK_THROWS_AS(make_player("gtp:", game, 1), std::invalid_argument);
  CHECK_THROWS_AS(make_player("gtp:gnugo --mode gtp", game, 1), std::invalid_argument);
}
