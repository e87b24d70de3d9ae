#include "envs/go/features.hpp"

#include <catch2/catch.hpp>

#include "engine/base/random.hpp"
#include "envs/go/go_state.hpp"
#include "tests/support/go_diagram.hpp"
#include "tests/support/slow_go.hpp"
#include "tests/support/state_invariants.hpp"

using namespace tengen;
using namespace tengen::envs;
using namespace tengen::envs::go;

namespace {

constexpr int kZeroPlanes = num_planes(Features::kZero);

}  // namespace

TEST_CASE("The planes show the last eight positions from the mover's side",
          "[envs][go][features]") {
  const GoGame game(Rules{.width = 4, .height = 3});
  GoState state(game);
  test::play(state, {"A3", "D1"});
  const std::vector<float> planes = test::observation_of(state);
  const auto at = [&](int cell, int plane) { return planes[cell * kZeroPlanes + plane]; };
  CHECK(at(0, 0) == 1);   // own A3 now,
  CHECK(at(0, 1) == 1);   // one ply ago,
  CHECK(at(0, 2) == 0);   // not at the start
  CHECK(at(11, 8) == 1);  // the opponent's D1 now,
  CHECK(at(11, 9) == 0);  // not a ply ago
  CHECK(at(5, 16) == 1);  // Black to move
  test::play(state, {"pass"});
  CHECK(test::observation_of(state)[5 * kZeroPlanes + 16] == 0);
}

TEST_CASE("The planes agree with boards kept one by one", "[envs][go][features]") {
  for (const bool suicide : {false, true}) {
    const Rules rules{.width = 5, .height = 4, .suicide = suicide, .max_plies = 120};
    const GoGame game(rules);
    Rng rng(3);
    GoState state(game);
    test::SlowGo slow(rules);
    std::vector<test::SlowGo::Stones> boards = {slow.stones()};
    while (!state.is_terminal()) {
      const std::vector<Action> actions = test::legal_actions_of(state);
      const Action action = actions[rng.below(static_cast<std::uint32_t>(actions.size()))];
      state.apply(action);
      slow.play(action);
      boards.push_back(slow.stones());
      const std::vector<float> planes = test::observation_of(state);
      const char own = slow.to_move() == 0 ? 'X' : 'O', other = slow.to_move() == 0 ? 'O' : 'X';
      for (int cell = 0; cell < rules.area(); ++cell)
        for (int age = 0; age < 8; ++age) {
          const bool known = age < static_cast<int>(boards.size());
          const char stone = known ? boards[boards.size() - 1 - age][cell] : '.';
          REQUIRE(planes[cell * kZeroPlanes + age] == (stone == own));
          REQUIRE(planes[cell * kZeroPlanes + 8 + age] == (stone == other));
        }
    }
  }
}

TEST_CASE("Leela Zero's planes are the same with one more for White", "[envs][go][features]") {
  const GoGame zero(Rules{.width = 5, .height = 4});
  const GoGame leela(Rules{.width = 5, .height = 4, .features = Features::kLeela});
  GoState a(zero), b(leela);
  Rng rng(5);
  for (int ply = 0; ply < 30 && !a.is_terminal(); ++ply) {
    const std::vector<float> expected = test::observation_of(a), found = test::observation_of(b);
    REQUIRE(expected.size() / 17 == found.size() / 18);
    for (std::size_t cell = 0; cell < 20; ++cell) {
      for (std::size_t i = 0; i < 17; ++i) REQUIRE(found[cell * 18 + i] == expected[cell * 17 + i]);
      REQUIRE(found[cell * 18 + 17] == a.current_player());
    }
    const std::vector<Action> legal = test::legal_actions_of(a);
    const Action action = legal[rng.below(static_cast<std::uint32_t>(legal.size()))];
    a.apply(action);
    b.apply(action);
  }
}
