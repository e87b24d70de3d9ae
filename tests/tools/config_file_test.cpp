#include "tools/config_file.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <thread>

#include "tests/support/temp_dir.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;
using test::CliResult;
using test::run_cli;

namespace {

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

CliResult print_with(const std::string& file) {
  return run_cli({"train", "--config", file, "--print-config"});
}

void check_config_error(const std::string& text, const std::string& part) {
  const test::TempDir directory;
  const std::string file = directory / "bad.toml";
  write(file, text);
  const CliResult result = print_with(file);
  INFO(result.err);
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK(result.err.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("A printed config is read back to the same config", "[tools][config]") {
  const test::TempDir directory;
  const std::string file = directory / "c.toml";
  const CliResult first =
      run_cli({"train", "--print-config", "--game", "go:size=7,komi=8.5", "--iterations", "7",
               "--learning-rate", "0.0125", "--gating", "true", "--seed", "1234567890123456789",
               "--net", "resnet:blocks=2,channels=16"});
  INFO(first.err);
  REQUIRE(first.code == 0);
  CHECK(first.out.find("iterations = 7\n") != std::string::npos);
  CHECK(first.out.find("gating = true\n") != std::string::npos);
  write(file, first.out);
  const CliResult second = print_with(file);
  INFO(second.err);
  CHECK(second.out == first.out);
  CHECK(first.out != run_cli({"train", "--print-config"}).out);
}

TEST_CASE("A config comes from a pipe and may begin with a byte order mark", "[tools][config]") {
  const test::TempDir directory;
  const std::string file = directory / "c.toml";
  write(file, "\xEF\xBB\xBFsimulations = 77\n");
  CHECK(print_with(file).out.find("simulations = 77\n") != std::string::npos);
  const std::string pipe = directory / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::jthread writer([&] { write(pipe, "simulations = 78\n"); });
  CHECK(print_with(pipe).out.find("simulations = 78\n") != std::string::npos);
}

TEST_CASE("Bytes of a file that is no text are not shown", "[tools][config]") {
  check_config_error("a = 1\n\033[2J = 2\n", "byte 6: expected a config file");
  check_config_error("a = 1\n\xff = 2\n", "byte 6: expected a config file");
  check_config_error(std::string(2 << 20, ' '), "too large");
}

TEST_CASE("The command line wins over the config file", "[tools][config]") {
  const test::TempDir directory;
  const std::string file = directory / "c.toml";
  write(file, "iterations = 7\nminutes = 3\n");
  const CliResult result =
      run_cli({"train", "--iterations", "9", "--config", file, "--print-config"});
  CHECK(result.out.find("iterations = 9\n") != std::string::npos);
  CHECK(result.out.find("minutes = 3\n") != std::string::npos);
}

TEST_CASE("Keys may be written with dashes and strings hold commas", "[tools][config]") {
  const test::TempDir directory;
  const std::string file = directory / "c.toml";
  write(file,
        "# a comment\ngames-per-iteration = 12  # so many\nnet = \"mlp:layers=1,hidden=8\"\n");
  const CliResult result = print_with(file);
  INFO(result.err);
  CHECK(result.out.find("games_per_iteration = 12\n") != std::string::npos);
  CHECK(result.out.find("\"mlp:layers=1,hidden=8\"") != std::string::npos);
}

TEST_CASE("Keys below a section are for that command alone", "[tools][config]") {
  const test::TempDir directory;
  const std::string file = directory / "shared.toml";
  write(file, "[gtp]\nthreads = 2000\n[train]\nthreads = 3\n[rl]\nsteps = 4\n");
  const CliResult train = print_with(file);
  INFO(train.err);
  CHECK(train.out.find("\nthreads = 3\n") != std::string::npos);
  const CliResult gtp = run_cli({"gtp", "--config", file});
  CHECK(gtp.code == 2);
  CHECK(gtp.err.find("got 2000") != std::string::npos);
}

TEST_CASE("Every key of the config is also in the help", "[tools][config]") {
  const std::string help = run_cli({"train", "--help"}).out;
  std::istringstream lines(run_cli({"train", "--print-config"}).out);
  int keys = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::string flag = line.substr(0, line.find(' '));
    std::replace(flag.begin(), flag.end(), '_', '-');
    INFO(flag);
    CHECK(help.find("--" + flag) != std::string::npos);
    ++keys;
  }
  CHECK(keys > 30);
}

TEST_CASE("Unknown and repeated keys and wrong values are errors", "[tools][config]") {
  check_config_error("iteratoins = 7\n",
                     "unknown key \"iteratoins\", did you mean \"iterations\"?");
  check_config_error("[search]\niterations = 7\n", "unknown key \"search.iterations\"");
  check_config_error("[gtp]\nthreadz = 2\n",
                     "unknown key \"gtp.threadz\", did you mean \"threads\"?");
  check_config_error("[bench]\niterations = 7\n", "unknown key \"bench.iterations\"");
  check_config_error("iterations = 7\n[train]\niterations = 8\n", "iterations");
  check_config_error("iterations = 7\nminutes = 1\niterations = 8\n", "iterations");
  check_config_error("iterations = 7\niterations = 8\n", "iterations");
  check_config_error("iterations = lots\n", "iterations");
  check_config_error("iterations = -1\n", "iterations");
  check_config_error("config = \"other.toml\"\n", "unknown key \"config\"");
  check_config_error("print_config = true\n", "unknown key \"print_config\"");
  check_config_error("\x89PNG\r\n\x1a\nrubbish\n", "byte 0: expected a config file");
}

TEST_CASE("A missing config file is named", "[tools][config]") {
  const CliResult result = print_with("/nonexistent.toml");
  CHECK(result.code == 2);
  CHECK(result.err.find("/nonexistent.toml") != std::string::npos);
}

TEST_CASE("A directory is no config file", "[tools][config]") {
  const test::TempDir directory;
  const CliResult result = print_with(directory.path().string());
  CHECK(result.code == 2);
  CHECK(result.err.find("expected a config file") != std::string::npos);
}

TEST_CASE("What is wrong in a config file is told with the file and the line", "[tools][config]") {
  check_config_error(
      "iterations = 1e9\n",
      "bad.toml: line 1: [config] iterations must be a whole number from 0 to 2000000000");
  check_config_error("\n# meaning\nminutes = 3\n\nlearning_rate = soon  # or late\nseed = 1\n",
                     "bad.toml: line 5: [config] learning_rate must be a number");
  check_config_error("[gtp]\nthreads = 1\n[train]\nseed = 1\nthreads = many\n",
                     "bad.toml: line 5: [config] threads must be");
  check_config_error("seed = 1\nprint_config = 1\n", "bad.toml: line 2: unknown key");
  check_config_error("[train]\nseed = 1\n[gtp]\nthreadz = 1\n", "bad.toml: line 4: unknown key");
  check_config_error("seed = 1\nthreads = 2\nseed = 3\n", "bad.toml: line 3: key \"seed\"");
}

TEST_CASE("A config file's values stand under another environment", "[tools][config]") {
  const test::TempDir directory;
  const std::string file = directory / "c.toml";
  write(file, "learning_rate = 0.5\nenv = \"Acrobot-v1\"\n");
  const CliResult result = run_cli({"rl", "--algo", "a2c", "--config", file, "--print-config"});
  INFO(result.err);
  CHECK(result.out.find("env = \"Acrobot-v1\"\n") != std::string::npos);
  CHECK(result.out.find("algo = \"a2c\"\n") != std::string::npos);
  CHECK(result.out.find("learning_rate = 0.5\n") != std::string::npos);
}
