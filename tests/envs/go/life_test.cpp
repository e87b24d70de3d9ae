#include "envs/go/life.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "engine/base/random.hpp"
#include "envs/go/go_state.hpp"
#include "tests/support/go_diagram.hpp"

using namespace tengen;
using namespace tengen::envs;
using namespace tengen::envs::go;

namespace {

/// '+' alive, 's' seki, 'x' dead, '.' empty.
std::string text_of(const std::vector<Life>& life) {
  std::string text;
  for (const Life each : life) text += ".+sx"[static_cast<int>(each)];
  return text;
}

GoState position(const GoGame& game, const char* diagram) {
  GoState state(game);
  test::set_up_diagram(state, diagram);
  return state;
}

}  // namespace

TEST_CASE("Random games own what one side has walled in", "[envs][go][life]") {
  const GoGame game(Rules{.width = 5, .height = 3});
  const GoState state = position(game,
                                 ". X . O ."
                                 "X X . O O"
                                 ". X . O .");
  Rng rng(1);
  const std::vector<double> owners = random_ownership(state.board(), 50, rng);
  for (const int cell : {0, 1, 5, 6, 10, 11}) CHECK(owners[cell] > 0.9);
  for (const int cell : {3, 4, 8, 9, 13, 14}) CHECK(owners[cell] < -0.9);
}

TEST_CASE("Owners decide what is not certain", "[envs][go][life]") {
  const GoGame game(Rules{.width = 5, .height = 3});
  const GoState state = position(game,
                                 "X X . . O"
                                 ". . . . ."
                                 "O . . . X");
  std::vector<double> owners(15, 0);
  owners[0] = 0.9, owners[1] = -0.3;  // the chain's mean counts
  owners[4] = 0.5, owners[10] = -0.4, owners[14] = -0.01;
  CHECK(text_of(judge_life(state.board(), owners, false)) ==
        "++..x"
        "....."
        "+...x");
}

TEST_CASE("What lives for certain lives whatever the owners are", "[envs][go][life]") {
  const GoGame game(Rules{.width = 5, .height = 3});
  const GoState state = position(game,
                                 ". X O X X"
                                 "X X . X ."
                                 "O . X X X");
  const std::vector<double> against(15, -1);
  const std::string life = text_of(judge_life(state.board(), against, false));
  CHECK(life[1] == '+');
  CHECK(life[2] == 'x');
}

TEST_CASE("Chains that are torn between both sides at common empty points are in seki",
          "[envs][go][life]") {
  const GoGame game(Rules{.width = 6, .height = 4});
  const GoState state = position(game,
                                 ". . O X X ."
                                 "X O O X . X"
                                 "X O O X X X"
                                 "X O O X . X");
  std::vector<double> owners(24, 0);
  CHECK(text_of(judge_life(state.board(), owners, false)) ==
        "..s++."
        "sss+.+"
        "sss+++"
        "sss+.+");
  for (const int cell : {2, 7, 8, 13, 14, 19, 20}) owners[cell] = -0.5;  // White has settled
  CHECK(text_of(judge_life(state.board(), owners, false)) ==
        "..+++."
        "++++.+"
        "++++++"
        "++++.+");
}

TEST_CASE("The judgement is the same for all images of a position", "[envs][go][life]") {
  const GoGame game(Rules{.width = 5, .height = 5});
  Rng rng(2);
  for (int i = 0; i < 20; ++i) {
    std::vector<Action> black, white, black_image, white_image;
    const int symmetry = 1 + static_cast<int>(rng.below(7));
    for (Action cell = 0; cell < 25; ++cell) {
      const std::uint32_t stone = rng.below(4);
      if (stone > 1) continue;
      (stone == 0 ? black : white).push_back(cell);
      (stone == 0 ? black_image : white_image).push_back(game.transform_cell(symmetry, cell));
    }
    GoState state(game), image(game);
    try {
      state.set_up(black, white, 0);
    } catch (const std::invalid_argument&) {
      continue;  // a chain without a liberty
    }
    image.set_up(black_image, white_image, 0);
    REQUIRE(state.agreed_score() == image.agreed_score());
  }
}
