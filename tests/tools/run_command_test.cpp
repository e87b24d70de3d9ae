#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/temp_dir.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;
using namespace tengen::test;
using Catch::Matchers::Contains;

namespace {

/// A run of `tengen rl` of a thousand steps.
CliResult make_rl_run(const std::string& directory) {
  return run_cli({"rl", directory, "--env", "CartPole-v1", "--steps", "1000", "--rollout", "32",
                  "--environments", "4", "--evaluate-every", "400", "--evaluation-episodes", "2"});
}

/// Whether `text` has a line that starts with `key` and holds `value`.
bool has_row(const std::string& text, const std::string& key, const std::string& value) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key + " ") && line.find(value) != std::string::npos) return true;
  return false;
}

CliResult make_fit_run(const std::string& directory, const std::string& epochs = "1") {
  return run_cli({"fit", directory, "--task", "sine:points=20", "--epochs", epochs});
}

}  // namespace

TEST_CASE("Commands for games refuse runs that have none", "[tools][run]") {
  const TempDir dir;
  REQUIRE(make_rl_run(dir / "rl").code == 0);
  REQUIRE(make_fit_run(dir / "fit").code == 0);
  for (const char* run : {"rl", "fit"})
    for (const std::vector<std::string>& part :
         {std::vector<std::string>{"games"}, {"export-sgf", "-o", dir / "sgf"}}) {
      std::vector<std::string> args{"run", part[0], dir / run};
      args.insert(args.end(), part.begin() + 1, part.end());
      const CliResult result = run_cli(args);
      CHECK(result.code == 2);
      CHECK(result.out.empty());
      CHECK_THAT(result.err, Contains("expected a run of tengen train, this is one of tengen ") &&
                                 Contains(run));
    }
  CHECK_FALSE(std::filesystem::exists(dir / "sgf"));
}

TEST_CASE("run show tells of a run of rl its environment and returns", "[tools][run]") {
  const TempDir dir;
  REQUIRE(make_rl_run(dir / "run").code == 0);
  const CliResult shown = run_cli({"run", "show", dir / "run", "--svg", dir / "curves.svg"});
  INFO(shown.out << shown.err);
  CHECK(shown.code == 0);
  CHECK(has_row(shown.out, "env", "CartPole-v1"));
  CHECK(has_row(shown.out, "algo", "ppo"));
  CHECK(has_row(shown.out, "steps", "1024 of 1000"));
  CHECK(has_row(shown.out, "training", "8 updates"));
  CHECK_THAT(shown.out, Contains("evaluation return") && Contains("training return"));
  CHECK_THAT(shown.out, !Contains("game") && !Contains("?"));
  CHECK(std::filesystem::exists(dir / "curves.svg"));
}
