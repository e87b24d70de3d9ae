// The progress line, alone and on one terminal with the log.
#include "engine/base/progress.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/base/log.hpp"
#include "tests/support/terminal.hpp"

using namespace tengen;
using namespace tengen::test;
using Catch::Matchers::EndsWith;
using Catch::Matchers::Matches;
using Catch::Matchers::StartsWith;

TEST_CASE("The progress line shows count and rate and time left and note",
          "[engine][base][progress]") {
  Progress progress("self-play", "games", 512);
  CHECK_THAT(progress.line(), Matches("self-play  0/512 games  [0-9.]+ games/s"));
  progress.update(10);
  progress.advance(2);
  CHECK_THAT(progress.line(), Matches("self-play  12/512 games  [0-9.]+ games/s  ETA [0-9hms]+"));
  progress.update(512, "loss 1.92");
  CHECK_THAT(progress.line(),
             Matches("self-play  512/512 games  [0-9.]+ games/s  in 0s  loss 1.92"));
}

TEST_CASE("The time left follows from the work done where that is told",
          "[engine][base][progress]") {
  Progress progress("self-play", "games", 512);
  progress.update(0, "5 moves", WorkDone{.share = 0});
  CHECK(progress.line().find("ETA") == std::string::npos);
  progress.update(0, "7 moves", WorkDone{.share = 0.5, .at_least = true});
  CHECK_THAT(progress.line(),
             Matches("self-play  0/512 games  0.0 games/s  ETA at most 0s  7 moves"));
  progress.update(256, "", WorkDone{.share = 1e-9});  // by the count it would be half
  CHECK_THAT(progress.line(), Matches("self-play  256/512 games  .*ETA [0-9]+[hmd].*"));
}

TEST_CASE("The progress line without a total has no time left", "[engine][base][progress]") {
  Progress progress("load", "files", 0);
  progress.update(3);
  CHECK_THAT(progress.line(), Matches("load  3 files  [0-9.]+ files/s.*"));
  CHECK(progress.line().find("ETA") == std::string::npos);
}

namespace {

/// The log and the progress line on one terminal; the rows that it shows in the end.
template <class Work>
std::vector<std::string> rows_after(int columns, Work work) {
  Terminal terminal(columns);
  init_logging();
  work();
  const std::vector<std::string> rows = terminal.rows();
  init_logging();  // for standard error as it is again
  return rows;
}

}  // namespace

TEST_CASE("Log lines take the row of the progress line", "[engine][base][progress]") {
  const std::vector<std::string> rows = rows_after(80, [] {
    Progress progress("self-play", "games", 512);
    progress.update(10, "loss 1.92");
    spdlog::info("short");
    progress.update(20);
    spdlog::info("also short");
  });
  REQUIRE(rows.size() == 4);
  CHECK_THAT(rows[0], Matches("[0-9:]+ info short"));
  CHECK_THAT(rows[1], Matches("[0-9:]+ info also short"));
  CHECK_THAT(rows[2], StartsWith("self-play  20/512 games"));
  CHECK(rows[3].empty());
}

TEST_CASE("The progress line keeps to one row of a narrow terminal", "[engine][base][progress]") {
  const std::vector<std::string> rows = rows_after(40, [] {
    Progress progress("self-play", "games", 512);
    progress.update(10, std::string(60, 'x'));
    spdlog::info("x");  // in the row that was shown
  });
  CHECK_THAT(rows[0], Matches("[0-9:]+ info x"));
  // The last state stays, whole.
  CHECK_THAT(rows[1], StartsWith("self-play  10/512 games"));
  CHECK_THAT(rows[2], EndsWith("xxx"));
}
