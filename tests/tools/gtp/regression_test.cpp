#include "tools/gtp/regression.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <string>

#include "engine/base/error.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;
using gtp::Verdict;

namespace {

/// The verdicts on a file whose engine answers by this table.
std::vector<Verdict> verdicts(const std::string& text,
                              const std::map<std::string, std::string>& answers) {
  std::vector<Verdict> result;
  const auto steps = gtp::parse_regression(text, "file.tst");
  for (const auto& outcome :
       gtp::run_regression(steps, [&](const std::string& line) { return answers.at(line); }))
    result.push_back(outcome.verdict);
  return result;
}

}  // namespace

TEST_CASE("Answers are matched as a whole", "[tools][gtp][regression]") {
  const std::map<std::string, std::string> answers = {
      {"10 reg_genmove black", "=10 D4\n\n"}, {"list", "=\nA1  B2\nC3\n\n"}, {"bad", "? no way\n"}};
  const auto on = [&](const std::string& command, const std::string& pattern) {
    return verdicts(command + "\n#? " + pattern + "\n", answers).at(0);
  };
  CHECK(on("10 reg_genmove black", "[D4]") == Verdict::pass);
  CHECK(on("10 reg_genmove black", "[D4|E5]") == Verdict::pass);
  CHECK(on("10 reg_genmove black", "[D]") == Verdict::fail);
  CHECK(on("10 reg_genmove black", "[!E5]") == Verdict::pass);
  CHECK(on("10 reg_genmove black", "[!D4]") == Verdict::fail);
  CHECK(on("10 reg_genmove black", "[E5]*") == Verdict::known_fail);
  CHECK(on("10 reg_genmove black", "[D4]*") == Verdict::unexpected_pass);
  CHECK(on("10 reg_genmove black", "[!D4]*") == Verdict::known_fail);
  CHECK(on("10 reg_genmove black", "[[A-E]\\d]") == Verdict::pass);
  CHECK(on("list", "[A1 B2 C3]") == Verdict::pass);
  CHECK(on("bad", "[\\? no way]") == Verdict::pass);
  CHECK(on("bad", "[no way]") == Verdict::fail);
}

TEST_CASE("An answer may be long and a pattern may match in many ways",
          "[tools][gtp][regression]") {
  const std::string words(1'000'000, 'a');
  const std::map<std::string, std::string> answers = {{"list", "= " + words + "\n\n"}};
  CHECK(verdicts("list\n#? [.*GM.*]\n", answers) == std::vector<Verdict>{Verdict::fail});
  CHECK(verdicts("list\n#? [!(a|b)*b]\n", answers) == std::vector<Verdict>{Verdict::pass});
  CHECK(verdicts("list\n#? [(a*)*]\n", answers) == std::vector<Verdict>{Verdict::pass});
}

TEST_CASE("Commands without expectation must succeed", "[tools][gtp][regression]") {
  CHECK(verdicts("a\n# comment\n\nb # why\n", {{"a", "=\n\n"}, {"b # why", "=\n\n"}}).empty());
  CHECK(verdicts("a\n", {{"a", "? no\n\n"}}) == std::vector<Verdict>{Verdict::error});
}

TEST_CASE("An answer to another request is an error", "[tools][gtp][regression]") {
  for (const char* answer : {"=2 x\n\n", "= x\n\n", "=11 x\n\n", "", "=1x\n\n"})
    CHECK(verdicts("1 a\n#? [x]\n", {{"1 a", answer}}) == std::vector<Verdict>{Verdict::error});
}

TEST_CASE("Wrong expectations are refused with their line", "[tools][gtp][regression]") {
  using Catch::Contains;
  CHECK_THROWS_WITH(gtp::parse_regression("#? [a]\n", "f.tst"), Contains("f.tst: line 1"));
  CHECK_THROWS_WITH(gtp::parse_regression("a\n#? a\n", "f.tst"), Contains("f.tst: line 2"));
  CHECK_THROWS_WITH(gtp::parse_regression("a\n\n#? [(]\n", "f.tst"),
                    Contains("line 3") && Contains("no regular expression"));
  CHECK_THROWS_WITH(gtp::parse_regression("a\n#? [(a)\\1]\n", "f.tst"), Contains("line 2"));
  const std::string deep = std::string(100'000, '(') + "a" + std::string(100'000, ')');
  CHECK_THROWS_WITH(gtp::parse_regression("a\n#? [" + deep + "]\n", "f.tst"),
                    Contains("line 2") && Contains("at most 4096"));
}

TEST_CASE("An engine that breaks off fails the tests that are left", "[tools][gtp][regression]") {
  const auto steps = gtp::parse_regression("a\n#? [x]\nb\nc\n#? [x]\nd\ne\n#? [x]*\n", "f.tst");
  const auto breaks_at = [&steps](const std::string& command) {
    std::vector<int> errors;
    for (const auto& outcome : gtp::run_regression(steps, [&](const std::string& line) {
           if (line == command) throw Error("it ended");
           REQUIRE(line < command);  // nothing is asked of an engine that is gone
           return std::string("= x\n\n");
         }))
      if (outcome.verdict == Verdict::error) errors.push_back(outcome.step.line);
    return errors;
  };
  CHECK(breaks_at("b") == std::vector<int>{3, 4, 7});
  CHECK(breaks_at("c") == std::vector<int>{4, 7});
  CHECK(breaks_at("e") == std::vector<int>{7});
  CHECK_THROWS_AS(breaks_at("a"), Error);
}

TEST_CASE("gtp-test reports unexpected results and its exit code", "[tools][gtp][regression]") {
  const test::TempDir directory;
  const auto run = [&](const std::string& text, std::vector<std::string> more = {}) {
    std::ofstream(directory / "t.tst") << text;
    std::vector<std::string> args = {"gtp-test", directory / "t.tst", "--sims", "20"};
    args.insert(args.end(), more.begin(), more.end());
    return test::run_cli(args);
  };
  const test::CliResult good = run("1 protocol_version\n#? [2]\nlz-analyze b 1\n2 what\n#? [2]*\n");
  CHECK(good.code == 0);
  CHECK(good.out == "1 passed, 0 failed, 1 failed as known, 0 passed unexpectedly, 0 errors\n");
  const test::CliResult bad = run("1 protocol_version\n#? [1]\nwhat\n");
  CHECK(bad.code == 1);
  CHECK(bad.out.find("t.tst:1: FAILED: 1 protocol_version: expected [1], got \"2\"\n") !=
        std::string::npos);
  CHECK(bad.out.find("t.tst:3: ERROR: what") != std::string::npos);
  CHECK(run("x\n", {"--command", "/no/such/engine"}).code == 2);
  CHECK(test::run_cli({"gtp-test", "/no/such/file.tst"}).code == 2);
  const test::CliResult better = run("1 protocol_version\n#? [2]*\n");
  CHECK(better.code == 0);  // as with gogui-regress
  CHECK(better.out.find("t.tst:1: PASSED, was known to fail") != std::string::npos);
  std::ofstream(directory / "engine.sh")
      << "while read -r id word; do printf '=%s me\\n\\n' $id; done\n";
  CHECK(run("1 name\n#? [me]\n", {"--command", "sh " + (directory / "engine.sh").string()}).code ==
        0);
}

TEST_CASE("No engine answers once it has quit", "[tools][gtp][regression]") {
  const test::TempDir directory;
  const std::string file = directory / "t.tst", script = directory / "engine.sh";
  std::ofstream(file) << "1 quit\n#? []\n2 protocol_version\n#? [2]\n3 name\n#? [.*]\n";
  std::ofstream(script) << "read -r id word; printf '=%s\\n\\n' $id\n";
  for (const std::vector<std::string>& engine :
       {std::vector<std::string>{}, {"--command", "sh " + script}}) {
    std::vector<std::string> args = {"gtp-test", file};
    args.insert(args.end(), engine.begin(), engine.end());
    const test::CliResult result = test::run_cli(args);
    CHECK(result.code == 1);
    CHECK(
        result.out.find("1 passed, 0 failed, 0 failed as known, 0 passed unexpectedly, 2 errors") !=
        std::string::npos);
    CHECK(result.out.find("t.tst:3: ERROR: 2 protocol_version") != std::string::npos);
    CHECK(result.out.find("t.tst:5: ERROR: 3 name") != std::string::npos);
  }
}

TEST_CASE("Of a long answer gtp-test shows the beginning", "[tools][gtp][regression]") {
  const test::TempDir directory;
  const std::string file = directory / "t.tst", script = directory / "engine.sh";
  std::ofstream(file) << "1 name\n#? [x]\n2 name\n#? [x]\n";
  std::ofstream(script) << "read -r id word; printf '=%s %09000d\\n\\n' $id 7\n";
  const test::CliResult result = test::run_cli({"gtp-test", file, "--command", "sh " + script});
  CHECK(result.out.find("FAILED: 1 name: expected [x], got \"0000") != std::string::npos);
  CHECK(result.out.find("ERROR: 2 name") != std::string::npos);
  CHECK(result.out.size() < 2000);
}
