// The pixel games against trajectories worked out by hand from the rules in their headers.
#include <algorithm>
#include <catch2/catch.hpp>

#include "envs/rl/pixels/asterix.hpp"
#include "envs/rl/pixels/breakout.hpp"
#include "envs/rl/pixels/freeway.hpp"
#include "envs/rl/pixels/invaders.hpp"
#include "envs/rl/registry.hpp"

namespace tengen::envs::rl {
namespace {

struct Pixels {
  Env env;
  const char* signs;

  std::string see() const { return picture(env.observation(), signs); }
  /// Line `row` of the picture.
  std::string see(int row) const { return see().substr(row * (kScreenSide + 1), kScreenSide); }
  Step play(float action) { return env.step({&action, 1}); }
  /// The same action `times` times; the sum of the rewards. The game must go on.
  double repeat(float action, int times) {
    double sum = 0;
    for (int i = 0; i < times; ++i) {
      const Step step = play(action);
      REQUIRE_FALSE(step.done());
      sum += step.reward;
    }
    return sum;
  }
  /// Starts the game from seed 0, 1, .. with which `wanted` holds.
  template <typename Wanted>
  void seek(const Wanted& wanted) {
    std::uint64_t seed = 0;
    do {
      REQUIRE(seed < 10000);
      env.reset(seed++);
    } while (!wanted());
  }
};

// Breakout --------------------------------------------------------------------------------------

Pixels breakout() {
  Pixels game{make_env("PixelBreakout-v0"), Breakout::kSigns};
  game.seek([&] { return game.see(4)[0] == 'o'; });
  return game;
}

TEST_CASE("The ball of Breakout falls to the paddle and breaks a brick", "[envs][rl][pixels]") {
  Pixels game = breakout();
  CHECK(game.see() ==
        "..........\n##########\n##########\n##########\no.........\n"
        "..........\n..........\n..........\n..........\n....=.....\n");
  CHECK(game.repeat(0, 4) == 0);
  CHECK(game.see(7) == "...+......");
  CHECK(game.see(8) == "....o.....");
  CHECK(game.repeat(0, 5) == 0);  // off the paddle and up to the bricks
  CHECK(game.see(4) == ".........o");
  CHECK(game.play(0).reward == 1);  // off the wall
  CHECK(game.see() ==
        "..........\n##########\n##########\n########.#\n........o+\n"
        "..........\n..........\n..........\n..........\n....=.....\n");
  CHECK(game.repeat(0, 3) == 0);
  CHECK(game.see(7) == ".....o....");
}

TEST_CASE("The paddle of Breakout throws back what comes from beside", "[envs][rl][pixels]") {
  Pixels game = breakout();
  game.repeat(0, 13);
  game.repeat(1, 1);  // to column 3, where the ball would land
  game.repeat(0, 1);
  CHECK(game.see(8) == "....+o....");
  CHECK(game.see(9) == "...=......");
}

TEST_CASE("A lost ball ends Breakout", "[envs][rl][pixels]") {
  Pixels game = breakout();
  game.repeat(0, 14);
  const Step step = game.play(2);
  CHECK((step.terminated && step.reward == 0));
  CHECK(game.see(9) == "...o.=....");
}

/// Towards where the ball is now, or will be `lead` steps on.
float follow(const Pixels& game, int lead) {
  const auto column = [&](int channel) {
    int cell = 0;
    while (game.env.observation()[cell * 4 + channel] == 0) ++cell;
    return cell % kScreenSide;
  };
  const int ball = column(1), way = ball + lead * (ball - column(2)) - column(0);
  return way < 0 ? 1.0f : (way > 0 ? 2.0f : 0.0f);
}

TEST_CASE("A paddle below the ball never loses it and gets new bricks", "[envs][rl][pixels]") {
  Pixels game = breakout();
  NumpyRandom random(1);  // from above or from beside: else the ball may run in circles
  double sum = 0;
  for (Step step; !step.truncated; sum += step.reward) {
    const bool near = game.see(8).find('o') != std::string::npos;
    step = game.play(follow(game, near ? static_cast<int>(random.integers(2)) : 1));
    REQUIRE_FALSE(step.terminated);
  }
  CHECK(sum > 60);
}

// Asterix ---------------------------------------------------------------------------------------

/// A game whose first thing comes from the left in the player's row, ten steps on.
Pixels asterix(char thing) {
  Pixels game{make_env("PixelAsterix-v0"), Asterix::kSigns};
  game.seek([&] {
    game.repeat(0, 10);
    return game.see(5) == std::string(1, thing) + "....@....";
  });
  return game;
}

TEST_CASE("The player of Asterix walks within the screen", "[envs][rl][pixels]") {
  Pixels game{make_env("PixelAsterix-v0"), Asterix::kSigns};
  game.env.reset(1);
  CHECK(game.see(5) == ".....@....");
  game.repeat(1, 1);
  game.repeat(3, 1);
  CHECK(game.see(4) == "....@.....");
  game.repeat(2, 1);
  game.repeat(4, 6);
  CHECK(game.see(9) == ".....@....");
}

TEST_CASE("Treasure of Asterix crosses the screen and pays", "[envs][rl][pixels]") {
  Pixels game = asterix('$');
  CHECK(game.repeat(0, 5) == 0);
  CHECK(game.see(5) == "-$...@....");
  CHECK(game.repeat(0, 15) == 0);
  CHECK(game.see(5) == "...-$@....");
  CHECK(game.repeat(0, 4) == 0);
  CHECK(game.play(0).reward == 1);
  CHECK(game.see(5) == ".....@....");
}

TEST_CASE("An enemy of Asterix ends the game whoever walks into whom", "[envs][rl][pixels]") {
  Pixels waits = asterix('x');
  waits.repeat(0, 24);
  CHECK(waits.play(0).terminated);
  Pixels walks = asterix('x');
  walks.repeat(1, 4);
  CHECK(walks.see(5) == "x@........");
  const Step step = walks.play(1);
  CHECK((step.terminated && step.reward == 0));
}

TEST_CASE("Asterix becomes harder until every row is full", "[envs][rl][pixels]") {
  Pixels game{make_env("PixelAsterix-v0"), Asterix::kSigns};
  game.env.reset(1);
  game.repeat(4, 4);  // nothing comes to the bottom row
  const auto things = [&] {
    const std::string all = game.see();
    return std::count(all.begin(), all.end(), 'x') + std::count(all.begin(), all.end(), '$');
  };
  game.repeat(0, 95);
  CHECK(things() <= 6);  // one in ten steps, each 50 steps on its way
  game.repeat(0, 921);
  CHECK(things() >= 7);  // one each step, ten steps on its way, where a row is free
}

// Freeway ---------------------------------------------------------------------------------------

TEST_CASE("The cars of Freeway keep to their speeds and wrap round", "[envs][rl][pixels]") {
  Pixels game{make_env("PixelFreeway-v0"), Freeway::kSigns};
  game.env.reset(4);
  const auto find = [&](int lane, int channel) {
    for (int column = 0; column < 10; ++column)
      if (game.env.observation()[(lane * 10 + column) * 7 + channel] > 0) return column;
    return -1;
  };
  for (int lane = 1; lane <= 8; ++lane) {
    game.env.reset(4);
    int speed = 1;
    while (find(lane, 1 + speed) < 0) ++speed;
    const int start = find(lane, 1), right = (start - find(lane, 1 + speed) + 10) % 10 == 1 ? 1 : 9;
    for (int step = 1; step <= 60; ++step) {
      game.play(0);
      REQUIRE(find(lane, 1) == (start + step / speed * right) % 10);
      REQUIRE((find(lane, 1 + speed) + right) % 10 == find(lane, 1));
    }
  }
}

TEST_CASE("The player of Freeway walks every third step and is paid at the top",
          "[envs][rl][pixels]") {
  Pixels game{make_env("PixelFreeway-v0"), Freeway::kSigns};
  const auto row = [&] { return static_cast<int>(game.see().find('@')) / (kScreenSide + 1); };
  // A seed with which no car comes across the way.
  game.seek([&] {
    for (int step = 1; step <= 24; ++step) {
      REQUIRE(game.play(1).reward == 0);
      if (row() != 9 - (step + 2) / 3) return false;
    }
    return true;
  });
  CHECK(row() == 1);
  CHECK(game.play(1).reward == 1);
  CHECK(row() == 9);
}

TEST_CASE("A car of Freeway sends the player back", "[envs][rl][pixels]") {
  Pixels game{make_env("PixelFreeway-v0"), Freeway::kSigns};
  game.env.reset(2);
  int sent_back = 0, row = 9;
  for (int step = 1; step <= 2500; ++step) {
    const Step got = game.play(1);
    const int next = static_cast<int>(game.see().find('@')) / (kScreenSide + 1);
    REQUIRE((next == 9 || game.env.observation()[(next * 10 + 4) * 7 + 1] == 0));
    sent_back += row < 9 && next == 9 && got.reward == 0;
    REQUIRE((next == row || next == row - 1 || next == 9));
    row = next;
    CHECK(got.truncated == (step == 2500));
  }
  CHECK(sent_back > 10);
}

// Invaders --------------------------------------------------------------------------------------

/// With the cannon in `column`.
Pixels invaders(int column) {
  Pixels game{make_env("PixelInvaders-v0"), Invaders::kSigns};
  game.seek([&] { return game.see(9)[column] == 'A'; });
  return game;
}

TEST_CASE("A bullet of Invaders rises to an alien and pays", "[envs][rl][pixels]") {
  Pixels game = invaders(4);
  CHECK(game.see() ==
        "..<<<<<<..\n..<<<<<<..\n..<<<<<<..\n..<<<<<<..\n..........\n"
        "..........\n..........\n..........\n..........\n....A.....\n");
  CHECK(game.repeat(3, 5) == 0);  // only the first shot counts
  CHECK(game.see() ==
        "..<<<<<<..\n..<<<<<<..\n..<<<<<<..\n..<<<<<<..\n....|.....\n"
        "..........\n..........\n..........\n..........\n....A.....\n");
  CHECK(game.play(3).reward == 1);
  CHECK(game.see(3) == "..<<.<<<..");
  CHECK(game.see(8) == "....|.....");
}

TEST_CASE("The aliens of Invaders march and drop and turn", "[envs][rl][pixels]") {
  Pixels game = invaders(9);
  game.repeat(0, 11);
  CHECK(game.see(0) == "..<<<<<<..");
  game.repeat(0, 1);
  CHECK(game.see(0) == ".<<<<<<...");
  game.repeat(0, 12);
  CHECK(game.see(0) == "<<<<<<....");
  game.repeat(0, 12);
  CHECK(game.see(0) == "..........");
  CHECK(game.see(1) == ">>>>>>....");
  CHECK(game.see(4) == ">>>>>>....");
  game.repeat(0, 12);
  CHECK(game.see(4).substr(0, 7) == ".>>>>>>");
}

TEST_CASE("A bomb of Invaders falls on the cannon", "[envs][rl][pixels]") {
  Pixels game{make_env("PixelInvaders-v0"), Invaders::kSigns};
  game.seek([&] {
    game.repeat(0, 10);
    return game.see(4).find(':') == game.see(9).find('A');
  });
  game.repeat(0, 4);
  CHECK(game.see(8).find(':') == game.see(9).find('A'));
  const Step step = game.play(0);
  CHECK((step.terminated && step.reward == 0));
}

TEST_CASE("Aliens that land end Invaders", "[envs][rl][pixels]") {
  // Six drops: after two moves to the edge, and then after four moves each; 12 steps a move.
  Pixels game{make_env("PixelInvaders-v0"), Invaders::kSigns};
  game.seek([&] {
    for (int step = 1; step < 336; ++step)
      if (game.play(0).done()) return false;
    return true;
  });
  CHECK(game.see(8) != "..........");
  CHECK(game.play(0).terminated);
}

/// The column nearest to the cannon that has aliens; shoots there, and else goes there.
float hunt(const Pixels& game) {
  const std::string all = game.see();
  const int cannon = static_cast<int>(game.see(9).find('A'));
  for (int row = 7; row < 9; ++row)  // out of a bomb's way
    if (game.see(row)[cannon] == ':') return cannon > 0 ? 1.0f : 2.0f;
  int best = 100;
  for (int row = 0; row < 9; ++row)
    for (int column = 0; column < 10; ++column) {
      const char sign = game.see(row)[column];
      if ((sign == '<' || sign == '>') && std::abs(column - cannon) < std::abs(best))
        best = column - cannon;
    }
  return best == 0 ? 3.0f : (best < 0 ? 1.0f : 2.0f);
}

TEST_CASE("A wave of Invaders that is shot is followed by another", "[envs][rl][pixels]") {
  Pixels game{make_env("PixelInvaders-v0"), Invaders::kSigns};
  double best = 0;
  for (std::uint64_t seed = 0; seed < 20 && best <= 24; ++seed) {
    game.env.reset(seed);
    double sum = 0;
    for (Step step; !step.done(); sum += step.reward) step = game.play(hunt(game));
    best = std::max(best, sum);
  }
  CHECK(best > 24);
}

}  // namespace
}  // namespace tengen::envs::rl
