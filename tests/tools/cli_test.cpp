#include "tools/cli.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "engine/kernels/winograd/conv3x3.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/tools/run_cli.hpp"
#include "tools/machine.hpp"

using namespace tengen;
using test::CliResult;
using test::run_cli;

namespace {

/// The promise for everything that the user can correct: exit code 2, one line on stderr that
/// starts with the command's name and contains `part`, nothing on stdout.
void check_usage_error(const std::vector<std::string>& args, const std::string& command,
                       const std::string& part) {
  const CliResult result = run_cli(args);
  INFO(result.err);
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK(result.err.rfind(command + ": ", 0) == 0);
  CHECK(result.err.find(part) != std::string::npos);
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("A net that no memory holds is refused before it is made", "[tools][cli]") {
  check_usage_error({"net", "describe", "mlp", "--images", "99999x99999x99999"},
                    "tengen net describe", "expected images of 1 to 2147483647 numbers");
  const test::TempDir directory;
  const std::string file = directory / "net.safetensors";
  const std::string huge = "resnet:blocks=200,channels=4096,widen=20";
  check_usage_error({"net", "init", "-o", file, "--net", huge, "--game", "go:size=9"},
                    "tengen net init",
                    "of this computer's memory), those of " + huge + " take 90000.");
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("A net that no memory holds is described", "[tools][cli]") {
  // 400 convolutions of 9 * 4096^2 weights, and small ones.
  CHECK(run_cli({"net", "describe", "resnet:blocks=200,channels=4096"}).out.find("\ntotal  ") !=
        std::string::npos);
  // 46000^2 pixels to 65536 units to 10 classes, with biases.
  CHECK(run_cli({"net", "describe", "mlp:hidden=65536", "--images", "46000x46000x1"})
            .out.find("138674176720906 trainable") != std::string::npos);
}

TEST_CASE("Every command explains itself with examples", "[tools][cli]") {
  const std::vector<std::vector<std::string>> commands = {{},
                                                          {"train"},
                                                          {"fit"},
                                                          {"rl"},
                                                          {"match"},
                                                          {"gtp"},
                                                          {"bench"},
                                                          {"net"},
                                                          {"net", "describe"},
                                                          {"net", "init"},
                                                          {"net", "export"},
                                                          {"net", "import"},
                                                          {"run"},
                                                          {"run", "show"},
                                                          {"info"},
                                                          {"run", "games"},
                                                          {"bench", "net"},
                                                          {"games"},
                                                          {"run", "export-sgf"},
                                                          {"bench", "tune"},
                                                          {"bench", "train"}};
  for (std::vector<std::string> args : commands) {
    args.push_back("--help");
    const CliResult result = run_cli(args);
    INFO(result.out);
    CHECK(result.code == 0);
    CHECK(result.err.empty());
    CHECK(result.out.find("Examples:\n  tengen ") != std::string::npos);
  }
}

TEST_CASE("The version is printed", "[tools][cli]") {
  CHECK(run_cli({"--version"}).out.rfind("tengen ", 0) == 0);
  CHECK(run_cli({"--version"}).code == 0);
}

TEST_CASE("A missing or unknown command names those there are", "[tools][cli]") {
  check_usage_error({}, "tengen", "expected a command: train, fit, match, gtp");
  check_usage_error({"trian"}, "tengen", "\"trian\", did you mean train?");
  check_usage_error({"net"}, "tengen net", "expected a command: describe, init");
  check_usage_error({"run", "shwo"}, "tengen run", "did you mean show?");
}

TEST_CASE("An unknown option names the nearest one", "[tools][cli]") {
  check_usage_error({"train", "x", "--iteratoins", "3"}, "tengen train",
                    "\"--iteratoins\", did you mean --iterations?");
  check_usage_error({"gtp", "--simz=5"}, "tengen gtp", "did you mean --sims?");
  check_usage_error({"gtp", "--zzzzzzzz"}, "tengen gtp", "see tengen gtp --help");
}

TEST_CASE("A wrong value names the option", "[tools][cli]") {
  check_usage_error({"gtp", "--sims", "many"}, "tengen gtp", "--sims");
  check_usage_error({"gtp", "--resign", "7"}, "tengen gtp", "--resign");
  check_usage_error({"train", "x", "--iterations", "soon"}, "tengen train", "iterations");
  check_usage_error({"train", "x", "--learning-rate", "-1"}, "tengen train", "learning_rate");
  check_usage_error({"match", "random"}, "tengen match", "B");
}

TEST_CASE("A wrong game or net or player names what there is", "[tools][cli]") {
  check_usage_error({"train", "/tmp/tengen-never", "--game", "chess"}, "tengen train", "go");
  check_usage_error({"gtp", "--game", "go:size=99"}, "tengen gtp", "size");
  check_usage_error({"gtp", "--game", "go:sise=9"}, "tengen gtp", "sise");
  check_usage_error({"net", "describe", "resnat"}, "tengen net describe", "resnet");
  check_usage_error({"match", "random", "mtcs:sims=3", "--game", "go"}, "tengen match", "mcts");
  check_usage_error({"match", "random", "random"}, "tengen match", "--game");
}

TEST_CASE("A missing file or run directory is named", "[tools][cli]") {
  check_usage_error({"run", "show", "/nonexistent"}, "tengen run show", "/nonexistent");
  check_usage_error({"gtp", "--net", "/nonexistent"}, "tengen gtp", "/nonexistent");
  check_usage_error({"net", "describe", "/nonexistent"}, "tengen net describe", "/nonexistent");
  check_usage_error({"train"}, "tengen train", "run directory");
}

TEST_CASE("Games and this computer are listed", "[tools][cli]") {
  const CliResult games = run_cli({"games"});
  for (const char* name : {"go", "connect_four", "tic_tac_toe"})
    CHECK(games.out.find(name) != std::string::npos);
  const CliResult info = run_cli({"info"});
  for (const char* part :
       {"version", "CPU", "inference", "because", "caches", "memory", "oneDNN", "bf16", "native"})
    CHECK(info.out.find(part) != std::string::npos);
  const bool winograd = kernels::winograd::best_isa().has_value();
  CHECK((info.out.find("Winograd") != std::string::npos) == winograd);
  const bool faster = info.out.find("faster") != std::string::npos;  // measured with AMX alone
  CHECK(faster == tools::onednn_uses_amx());
}

TEST_CASE("An untrained net is written and described and never overwritten", "[tools][cli]") {
  const test::TempDir directory;
  const std::string file = directory / "net.safetensors";
  const std::vector<std::string> init = {
      "net", "init", "--game", "tic_tac_toe", "--net", "mlp:layers=1,hidden=8", "-o", file};
  const CliResult made = run_cli(init);
  INFO(made.err);
  CHECK(made.code == 0);
  const CliResult described = run_cli({"net", "describe", file});
  INFO(described.err);
  CHECK(described.code == 0);
  CHECK(described.out.find("tic_tac_toe") != std::string::npos);
  check_usage_error(init, "tengen net init", "--force");
}

TEST_CASE("A match prints its score and shows and saves the games", "[tools][cli]") {
  const test::TempDir directory;
  const CliResult result =
      run_cli({"match", "mcts:sims=50", "random", "--game", "tic_tac_toe", "--games", "4",
               "--threads", "1", "--show", "--sgf", directory / "sgf", "--opening-plies", "0"});
  INFO(result.err << result.out);
  CHECK(result.code == 0);
  for (const char* part : {"b: random", "a in all", "of 4:", "Elo", "1. ", " plays ", "expects "})
    CHECK(result.out.find(part) != std::string::npos);
  CHECK(std::filesystem::exists(directory / "sgf/game-0001.sgf"));
  CHECK(std::filesystem::exists(directory / "sgf/game-0004.sgf"));
}

TEST_CASE("Counts do not wrap below zero", "[tools][cli]") {
  const std::vector<std::vector<std::string>> lines = {
      {"run", "games", "x", "--last", "-1"},
      {"run", "games", "x", "--game", "-1"},
      {"match", "random", "random", "--seed", "-1"},
      {"gtp", "--seed", "-1"},
      {"rl", "tabular", "--seed", "-1"},
      {"net", "init", "--seed", "-1"}};
  for (const std::vector<std::string>& line : lines) {
    const std::string command =
        line[0] == "match" || line[0] == "gtp" ? line[0] : line[0] + " " + line[1];
    check_usage_error(line, "tengen " + command, "expected a whole number of at least 0, got -1");
  }
}

TEST_CASE("Numbers that are none are refused with the notation that is right", "[tools][cli]") {
  check_usage_error({"rl", "tabular", "--initial-value", "nan"}, "tengen rl tabular",
                    "--initial-value");
  check_usage_error({"rl", "tabular", "--initial-value", "inf"}, "tengen rl tabular",
                    "--initial-value");
  check_usage_error({"gtp", "--sims", "1e3"}, "tengen gtp",
                    "--sims: expected a whole number from 0 to 100000000, got 1e3");
  check_usage_error({"gtp", "--sims", "1.0"}, "tengen gtp",
                    "--sims: expected a whole number from 0 to 100000000, got 1.0");
  check_usage_error({"gtp", "--seed", "1e3"}, "tengen gtp",
                    "--seed: expected a whole number of at least 0, got 1e3");
  check_usage_error({"gtp", "--time", "x"}, "tengen gtp",
                    "--time: expected a number from 0.001 to 86400, got x");
  check_usage_error({"train", "x", "--iterations", "1e9"}, "tengen train",
                    "iterations must be a whole number from 0 to 2000000000, got '1e9'");
  check_usage_error({"rl", "x", "--steps", "1e6"}, "tengen rl",
                    "steps must be a whole number from 1 to 1000000000000000, got '1e6'");
  check_usage_error({"train", "x", "--learning-rate", "-1"}, "tengen train",
                    "learning_rate must be a number from 1e-09 to 10, got -1");
}

TEST_CASE("The parts of rl refuse a run directory and explain themselves", "[tools][cli]") {
  for (const char* part : {"envs", "tabular", "bench"}) {
    check_usage_error({"rl", "some_run", part}, std::string("tengen rl ") + part,
                      std::string("DIR does not go with the command ") + part);
    const CliResult help = run_cli({"rl", part, "--help"});
    CHECK(help.code == 0);
    CHECK(help.out.find("Examples:\n  tengen rl ") != std::string::npos);
  }
  const std::string error = run_cli({"rl", "bench", "--env", "nope"}).err;
  CHECK(error.find("TMaze-v0") == error.rfind("TMaze-v0"));
  check_usage_error({"rl", "/tmp/tengen-never", "--opponents", "5"}, "tengen rl",
                    "opponents are for games alone (tengen games), CartPole-v1 is none");
}
