// The neutral conformance suite, tests/golden/gtp/*.tst, against Tengen and GNU Go.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "selfplay/players/gtp_process.hpp"
#include "tests/tools/gtp/dialogue.hpp"
#include "tools/gtp/regression.hpp"

using namespace tengen;

namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Passed tests, and those that did not pass as "file.tst ID: what happened".
struct Conformance {
  int passed = 0;
  std::set<std::string> departures;
  std::string text;
};

/// `start` makes a fresh engine for each file.
Conformance run_suite(const std::function<gtp::Exchange()>& start) {
  Conformance result;
  for (const auto& entry : std::filesystem::directory_iterator(TENGEN_GOLDEN_DIR "/gtp")) {
    const std::string file = entry.path().filename().string();
    const auto steps = gtp::parse_regression(read_file(entry.path()), file);
    for (const gtp::RegressionOutcome& outcome : gtp::run_regression(steps, start())) {
      if (outcome.verdict == gtp::Verdict::pass) {
        ++result.passed;
        continue;
      }
      result.departures.insert(file + " " + outcome.step.id);
      result.text += file + ": " + outcome.step.command + ": " + gtp::describe(outcome) + "\n";
    }
  }
  return result;
}

}  // namespace

TEST_CASE("Tengen passes the whole conformance suite", "[tools][gtp][conformance]") {
  const Conformance tengen = run_suite([]() -> gtp::Exchange {
    const auto session =
        std::make_shared<gtp::Session>(test::dialogue_config("go:size=9"), test::hash_evaluators());
    const auto engine = std::make_shared<gtp::Engine>();
    gtp::add_all_commands(*engine, *session);
    return [session, engine](const std::string& line) {
      std::ostringstream out;
      engine->answer(*gtp::parse_request(line), out);
      return out.str();
    };
  });
  INFO(tengen.text);
  CHECK(tengen.departures.empty());
  CHECK(tengen.passed >= 231);
}

// GNU Go 3.8 departs from the text of the specification in these and no others:
TEST_CASE("GNU Go passes the conformance suite where it follows the standard",
          "[tools][gtp][conformance]") {
  const char* gnugo = std::getenv("TENGEN_GNUGO");
  if (gnugo == nullptr) {
    WARN("SKIPPED: TENGEN_GNUGO does not name a GNU Go program");
    return;
  }
  const std::set<std::string> known = {
      // "invalid handicap" and other texts instead of "invalid number of stones", "bad vertex list"
      "handicap.tst 10", "handicap.tst 11", "handicap.tst 12", "handicap.tst 17", "handicap.tst 20",
      "handicap.tst 25", "handicap.tst 26", "handicap.tst 27",
      "handicap.tst 28",  // a list that is refused leaves its first stone on the board
      // "cannot open or parse ..." instead of "cannot load file"
      "loadsgf.tst 1", "loadsgf.tst 3",
      // the score of a position is kept when the komi changes
      "score.tst 2", "score.tst 3", "score.tst 4",
      // other texts instead of "syntax error"
      "setup.tst 27", "setup.tst 28", "time.tst 6", "time.tst 7", "time.tst 8", "time.tst 12",
      "time.tst 13", "time.tst 14", "time.tst 15"};
  const std::string command = std::string(gnugo) +
                              " --mode gtp --level 1 --seed 1 --chinese-rules "
                              "--positional-superko";
  const Conformance result = run_suite([&command]() -> gtp::Exchange {
    const auto process = std::make_shared<selfplay::GtpProcess>(command, 60);
    return [process](const std::string& line) { return process->exchange(line); };
  });
  INFO(result.text);
  CHECK(result.departures == known);
  CHECK(result.passed >= 208);
}
