#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
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

CliResult make_short_fit_run(const std::string& directory) { return make_fit_run(directory); }

CliResult make_train_run(const std::string& directory) {
  return run_cli({"train", directory, "--game", "tic_tac_toe", "--net", "mlp:layers=1,hidden=8",
                  "--iterations", "1", "--games-per-iteration", "8", "--simulations", "4",
                  "--threads", "1", "--evaluate-every", "0"});
}

/// What this process writes to stderr past std::cerr, for the lifetime of this object.
class StandardError {
 public:
  StandardError() : old_(::dup(STDERR_FILENO)) {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, STDERR_FILENO);
    ::close(file);
  }
  ~StandardError() {
    ::dup2(old_, STDERR_FILENO);
    ::close(old_);
  }
  std::string text() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  const TempDir dir_;
  const std::string path_ = dir_ / "stderr";
  const int old_;
};

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

TEST_CASE("A net of fit or rl is told from one that plays", "[tools][run]") {
  const TempDir dir;
  REQUIRE(make_rl_run(dir / "rl").code == 0);
  REQUIRE(make_fit_run(dir / "fit").code == 0);
  for (const std::string made : {"rl", "fit"}) {
    const CliResult gtp = run_cli({"gtp", "--net", dir / made, "--game", "tic_tac_toe"});
    CHECK(gtp.code == 2);
    CHECK_THAT(gtp.err, Contains("this one is of tengen " + made));
  }
}

TEST_CASE("A run that is finished neither goes on nor counts", "[tools][run]") {
  const TempDir dir;
  for (const auto& make : {make_rl_run, make_short_fit_run, make_train_run}) {
    const std::string run = dir / "run";
    std::filesystem::remove_all(run);
    REQUIRE(make(run).code == 0);
    const StandardError error;
    CHECK(make(run).code == 0);
    CHECK_THAT(error.text(), !Contains("going on") && !Contains("1844674407"));
  }
}
