#include "selfplay/ply_estimate.hpp"

#include <catch2/catch.hpp>

using namespace tengen;
using namespace tengen::selfplay;

TEST_CASE("Before any game is known the plies are bounded by the limit of the game",
          "[selfplay][progress]") {
  const PlyEstimate estimate(10, 0, 42);
  CHECK(estimate.work_done({}).share == 0);
  const GamesSoFar so_far{.plies = 105};
  CHECK(estimate.work_done(so_far).share == Approx(105.0 / 420));
  CHECK(estimate.work_done(so_far).at_least);
  CHECK(estimate.text(so_far) == "105/420 moves");
}

TEST_CASE("Earlier games tell how long the others will be", "[selfplay][progress]") {
  const PlyEstimate estimate(10, 20, 42);
  // Two games have ended with 30 plies, eight of 20 are to come, of which 50 plies are played.
  const GamesSoFar so_far{.ended = 2, .ended_plies = 30, .plies = 80};
  CHECK(estimate.work_done(so_far).share == Approx(80.0 / 190));
  CHECK_FALSE(estimate.work_done(so_far).at_least);
  CHECK(estimate.text(so_far) == "80/~190 moves");
}

TEST_CASE("The games that end first do not make the others look short", "[selfplay][progress]") {
  const PlyEstimate estimate(10, 0, 42);
  // Of ten games side by side one has ended after 7 plies, the others go on: 70 plies for one end.
  CHECK(estimate.text({.ended = 1, .ended_plies = 7, .plies = 70}) == "70/~385 moves");
  // Nearly all have ended: 95 plies for 9 ends.
  CHECK(estimate.text({.ended = 9, .ended_plies = 88, .plies = 95}) == "95/~99 moves");
}

TEST_CASE("No more is done than all and all is done at the end", "[selfplay][progress]") {
  const PlyEstimate estimate(2, 5, 42);
  CHECK(estimate.work_done({.ended = 0, .plies = 30}).share == 1);  // longer than expected
  CHECK(estimate.work_done({.ended = 1, .ended_plies = 9, .plies = 9}).share == Approx(9.0 / 14));
  CHECK(estimate.work_done({.ended = 2, .ended_plies = 30, .plies = 30}).share == 1);
}
