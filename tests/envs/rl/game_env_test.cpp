#include "envs/rl/game_env.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "envs/registry.hpp"
#include "envs/rl/env.hpp"
#include "envs/rl/registry.hpp"

namespace tengen::envs::rl {
namespace {

using Catch::Matchers::Contains;

/// Plays the first legal move and remembers how many games asked at once.
struct FirstMove final : Opponent {
  std::vector<std::size_t> asked;
  void select_actions(std::span<const Turn> turns, std::span<Action> actions) override {
    asked.push_back(turns.size());
    std::vector<Action> legal;
    for (std::size_t i = 0; i < turns.size(); ++i) {
      turns[i].state.legal_actions(legal);
      actions[i] = legal[0];
    }
  }
};

Env tic_tac_toe(Side side) {
  auto dynamics = std::make_unique<GameDynamics>(
      Games(make_game("tic_tac_toe"), std::make_shared<FirstMove>(), side, 1));
  EnvSpec spec = dynamics->spec();
  Env env(std::move(dynamics), std::move(spec));
  env.reset(1);
  return env;
}

/// The position that is seen: x for who sees it, o for the other.
std::string seen(const Env& env) {
  std::string board;
  for (int cell = 0; cell < 9; ++cell)
    board +=
        env.observation()[cell * 3] > 0 ? 'x' : (env.observation()[cell * 3 + 1] > 0 ? 'o' : '.');
  return board;
}

Step play(Env& env, float action) { return env.step({&action, 1}); }

TEST_CASE("The agent moves first and is paid for its line", "[envs][rl][game]") {
  Env env = tic_tac_toe(Side::first);
  CHECK(seen(env) == ".........");
  CHECK(play(env, 4).reward == 0);
  CHECK(seen(env) == "o...x....");
  const auto mask = env.action_mask();
  CHECK(std::count(mask.begin(), mask.end(), 1) == 7);
  CHECK((mask[0] == 0 && mask[4] == 0));
  CHECK_FALSE(play(env, 2).done());
  CHECK(seen(env) == "oox.x....");
  const Step last = play(env, 6);
  CHECK((last.terminated && last.reward == 1));
  CHECK(seen(env) == ".........");
}

TEST_CASE("The agent moves second and pays for the line of the other", "[envs][rl][game]") {
  Env env = tic_tac_toe(Side::second);
  CHECK(seen(env) == "o........");
  CHECK(play(env, 8).reward == 0);
  CHECK(seen(env) == "oo......x");
  const Step last = play(env, 7);
  CHECK((last.terminated && last.reward == -1));
}

TEST_CASE("In self-play each ply is seen and paid from the side that makes it",
          "[envs][rl][game]") {
  Env env = tic_tac_toe(Side::both);
  const char* expected[] = {".........", "o........", "x..o.....", "oo.x.....", "xx.oo...."};
  const float actions[] = {0, 3, 1, 4, 2};
  for (int ply = 0; ply < 5; ++ply) {
    CHECK(seen(env) == expected[ply]);
    const Step step = play(env, actions[ply]);
    CHECK(step.reward == (ply == 4 ? 1 : 0));
    CHECK(step.terminated == (ply == 4));
  }
}

TEST_CASE("All games ask their opponent at once", "[envs][rl][game]") {
  const auto opponent = std::make_shared<FirstMove>();
  const auto batch = make_game_vector_env(make_game("tic_tac_toe"), opponent, Side::second, 4);
  batch->reset(1);
  CHECK(opponent->asked == std::vector<std::size_t>{4});
  const std::vector<float> apart = {8, 7, 6, 5};
  batch->step(apart);
  CHECK(opponent->asked == std::vector<std::size_t>{4, 4});
  batch->step(std::vector<float>{7, 6, 5, 4});  // the opponents get their lines, and begin again
  CHECK(opponent->asked == std::vector<std::size_t>{4, 4, 4, 4});
  for (const float reward : batch->rewards()) CHECK(reward == -1);
}

TEST_CASE("Games begin after openings of every length asked for and are never over",
          "[envs][rl][game]") {
  const auto stones_after = [](Side side, std::shared_ptr<Opponent> opponent) {
    const auto batch = make_game_vector_env(make_game("tic_tac_toe"), opponent, side, 512, 4);
    std::map<int, int> games;
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      batch->reset(1000 * seed);
      for (int i = 0; i < 512; ++i) {
        const auto mask = batch->action_masks().subspan(i * 9, 9);
        ++games[static_cast<int>(std::count(mask.begin(), mask.end(), 0))];
      }
    }
    return games;
  };
  const auto alone = stones_after(Side::both, nullptr);
  CHECK(alone.size() == 5);
  for (int plies = 0; plies <= 4; ++plies) CHECK(std::abs(alone.at(plies) - 1024 / 5) < 60);
  // The opponent may have answered: after four plies of an opening sometimes with a line, but games
  // that are over begin anew.
  const auto answered = stones_after(Side::random, std::make_shared<FirstMove>());
  CHECK(answered.begin()->first == 0);
  CHECK(answered.rbegin()->first == 5);
}

/// Mean return of random moves over `games` games.
double mean_return(const std::string& spec, int games) {
  const auto batch = make_vector_env(spec, 16);
  batch->reset(1);
  NumpyRandom random(2);
  std::vector<float> actions(16);
  double sum = 0;
  int played = 0;
  while (played < games) {
    for (int i = 0; i < 16; ++i)
      sample_action(batch->spec(), batch->action_masks().subspan(i * 9, 9), random,
                    {&actions[i], 1});
    batch->step(actions);
    for (int i = 0; i < 16; ++i) {
      sum += batch->rewards()[i];
      played += batch->done(i);
    }
  }
  return sum / played;
}

TEST_CASE("Random moves win tic-tac-toe as often as they must", "[envs][rl][game]") {
  // Of all random games the first wins 737/1260, the second 121/420 and 8/63 are drawn.
  constexpr double kFirst = 737.0 / 1260 - 121.0 / 420;
  constexpr int kGames = 10000;
  const double error = 4 / std::sqrt(kGames);
  CHECK(std::abs(mean_return("tic_tac_toe:side=first", kGames) - kFirst) < error);
  CHECK(std::abs(mean_return("tic_tac_toe:side=second", kGames) + kFirst) < error);
  CHECK(std::abs(mean_return("tic_tac_toe", kGames)) < error);
}

TEST_CASE("Illegal moves and missing opponents are refused by name", "[envs][rl][game]") {
  struct Cheat final : Opponent {
    void select_actions(std::span<const Turn>, std::span<Action> actions) override {
      std::fill(actions.begin(), actions.end(), 4);
    }
  };
  const auto game = make_game("tic_tac_toe");
  const auto batch = make_game_vector_env(game, std::make_shared<Cheat>(), Side::first, 2);
  batch->reset(1);
  CHECK_THROWS_WITH(batch->step(std::vector<float>{0, 4}),
                    Contains("tic_tac_toe") && Contains("ply 1") && Contains("got 4"));
  CHECK_THROWS_WITH(make_game_vector_env(game, nullptr, Side::random, 2), Contains("opponent"));
  CHECK_NOTHROW(make_game_vector_env(game, nullptr, Side::both, 2));
  CHECK_THROWS_WITH(make_game_vector_env(game, nullptr, Side::both, 0), Contains("at least one"));
  CHECK_THROWS_WITH(make_env("tic_tac_toe:side=third"), Contains("first|second|random|both"));
}

}  // namespace
}  // namespace tengen::envs::rl
