#include "mcts/time_control.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

using tengen::mcts::TimeControl;
using tengen::mcts::TimeSettings;

namespace {
constexpr double kLag = 0.5;
}

TEST_CASE("Without settings there is no budget", "[mcts][time]") {
  TimeControl clock;
  CHECK_FALSE(clock.has_clock());
  CHECK_FALSE(clock.budget(0, 10).has_value());
  clock.set_time_left(0, 1, 0);
  CHECK_FALSE(clock.budget(0, 10).has_value());
}

TEST_CASE("Overtime without stones means no limit as GTP says", "[mcts][time]") {
  CHECK_FALSE(TimeControl({0, 1, 0}).has_clock());
  CHECK_FALSE(TimeControl({600, 30, 0}).has_clock());
}

TEST_CASE("Absolute time is shared over the moves that remain", "[mcts][time]") {
  TimeControl clock({60, 0, 0}, kLag);
  CHECK(*clock.budget(0, 20) == Approx((60 - 0.5) / 20));
  CHECK(*clock.budget(0, 0) == Approx(59.5));  // at least one move remains
  clock.spend(0, 20);
  CHECK(*clock.budget(0, 20) == Approx((40 - 0.5) / 20));
  CHECK(*clock.budget(1, 20) == Approx((60 - 0.5) / 20));
}

TEST_CASE("A clock that has run out leaves the smallest budget", "[mcts][time]") {
  TimeControl clock({10, 0, 0}, kLag);
  clock.spend(1, 12);
  CHECK(*clock.budget(1, 5) == TimeControl::kSmallestBudget);
  clock.set_time_left(0, 0.004, 0);
  CHECK(*clock.budget(0, 1) == TimeControl::kSmallestBudget);
}

TEST_CASE("The lag takes no more than half of a reading", "[mcts][time]") {
  TimeControl clock({10, 0, 0}, 1);
  CHECK(*clock.budget(0, 9) == Approx(1));
  clock.set_time_left(0, 0.6, 0);
  CHECK(*clock.budget(0, 3) == Approx(0.1));
  CHECK(*TimeControl({0, 1, 1}, 1).budget(0, 1) == Approx(0.5));
}

TEST_CASE("Overtime is shared over the stones of its period", "[mcts][time]") {
  TimeControl clock({0, 30, 10}, kLag);
  CHECK(*clock.budget(0, 100) == Approx(29.5 / 10));
  clock.spend(0, 12);
  CHECK(*clock.budget(0, 100) == Approx(17.5 / 9));
  clock.set_time_left(0, 8, 4);
  CHECK(*clock.budget(0, 100) == Approx(7.5 / 4));
}

TEST_CASE("A new overtime period starts when its stones are played", "[mcts][time]") {
  TimeControl clock({0, 10, 2}, kLag);
  clock.spend(0, 4);
  CHECK(*clock.budget(0, 1) == Approx(5.5));
  clock.spend(0, 4);
  CHECK(*clock.budget(0, 1) == Approx(9.5 / 2));
}

TEST_CASE("Periods left of Japanese overtime are not stones of one period", "[mcts][time]") {
  TimeControl clock({60, 30, 1}, kLag);
  clock.set_time_left(0, 30, 5);
  CHECK(*clock.budget(0, 100) == Approx(29.5));
  clock.spend(0, 20);  // the next stone has a period of its own
  CHECK(*clock.budget(0, 100) == Approx(29.5));
}

TEST_CASE("Main time gives way to overtime and what runs over counts there", "[mcts][time]") {
  TimeControl clock({5, 20, 4}, kLag);
  CHECK(*clock.budget(0, 50) == Approx(19.5 / 4));  // overtime waits behind: no need to hurry
  clock.spend(0, 7);                                // 2 s and one stone of the period
  CHECK(*clock.budget(0, 50) == Approx((18 - 0.5) / 3));
}

TEST_CASE("A restart fills both clocks", "[mcts][time]") {
  TimeControl clock({60, 0, 0}, kLag);
  clock.spend(0, 50);
  clock.set_time_left(1, 3, 0);
  clock.restart();
  CHECK(*clock.budget(0, 1) == Approx(59.5));
  CHECK(*clock.budget(1, 1) == Approx(59.5));
}

TEST_CASE("Negative times are refused", "[mcts][time]") {
  CHECK_THROWS_AS(TimeControl({-1, 0, 0}), std::invalid_argument);
  CHECK_THROWS_AS(TimeControl({0, 1, -1}), std::invalid_argument);
}

TEST_CASE("An unsure move may take more of main time, less the emptier it is, and none of overtime",
          "[mcts][time]") {
  CHECK(TimeControl().extension(0, 10) == 0);
  TimeControl clock({60, 0, 0}, kLag);
  CHECK(clock.extension(0, 20) == Approx(*clock.budget(0, 20) / 2));
  CHECK(clock.extension(0, 1) == 0);  // the budget is all there is
  clock.set_time_left(0, 15, 0);
  CHECK(clock.extension(0, 20) == Approx(*clock.budget(0, 20) / 8));  // a quarter of it is left
  clock.set_time_left(0, 0, 0);
  CHECK(clock.extension(0, 20) == 0);
  TimeControl overtime({0, 30, 1}, kLag);
  CHECK(overtime.extension(0, 20) == 0);
  TimeControl both({10, 30, 1}, kLag);  // a move may take 29.5 s: main time has not so much
  CHECK(both.extension(0, 20) == 0);
}
