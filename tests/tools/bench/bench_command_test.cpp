#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "nets/inference/precision.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;
using test::CliResult;
using test::run_cli;

namespace {

using Words = std::vector<std::string>;

/// The rows of one part, each with a positive rate.
nlohmann::json rows_of(Words args, const std::string& report, const std::string& rate_key) {
  args.insert(args.begin(), "bench");
  args.push_back("--json");
  const CliResult result = run_cli(args);
  INFO(result.err << result.out);
  REQUIRE(result.code == 0);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(json["machine"].contains("isa"));
  REQUIRE(json[report].size() > 0);
  for (const auto& row : json[report]) CHECK(row[rate_key].get<double>() > 0);
  return json[report];
}

void check_ceiling(const nlohmann::json& row) {
  CHECK(row["ratio_to_ceiling"].get<double>() > 0);
  CHECK_FALSE(row["ceiling"].get<std::string>().empty());
}

void check_usage_error(const Words& args, const std::string& part) {
  const CliResult result = run_cli(args);
  INFO(result.err);
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK(result.err.find(part) != std::string::npos);
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("The net bench has a row for every setting", "[tools][bench]") {
  const auto rows =
      rows_of({"net", "--net", "resnet:blocks=1,channels=8", "--size", "3,5", "--batch", "1,3",
               "--threads", "1,2", "--precision", "fp32", "--seconds", "0.001"},
              "net", "evaluations_per_second");
  CHECK(rows.size() == 8);
  CHECK(rows[0]["game"] == "go:size=3");
  CHECK(rows[7]["game"] == "go:size=5");
  CHECK(rows[7]["threads"] == 2);
  CHECK(rows[7]["batch"] == 3);
  CHECK(rows[7]["latency_us"].get<double>() ==
        Approx(6e6 / rows[7]["evaluations_per_second"].get<double>()));
  check_ceiling(rows[0]);
}

TEST_CASE("The board and memory benches measure", "[tools][bench]") {
  check_ceiling(rows_of({"board", "--game", "tic_tac_toe", "--seconds", "0.001"}, "board",
                        "games_per_second")[0]);
  rows_of({"memory", "--megabytes", "1", "--seconds", "0.001"}, "memory", "gigabytes_per_second");
}

TEST_CASE("The search bench prints the signature", "[tools][bench]") {
  const auto rows = rows_of({"search", "--sims", "100"}, "search", "playouts_per_second");
  CHECK(rows[0]["signature"].get<std::string>().size() == 16);
  CHECK(rows[0]["samples"] == 3);
}

TEST_CASE("The search bench with a net searches one tree", "[tools][bench]") {
  const auto rows =
      rows_of({"search", "--net", "resnet:blocks=1,channels=8", "--game", "connect_four",
               "--threads", "2", "--repeats", "1", "--seconds", "0.02"},
              "search_tree", "visits_per_second");
  CHECK(rows[0]["threads"] == 2);
  check_ceiling(rows[0]);
}

TEST_CASE("The self-play bench says where the time goes", "[tools][bench]") {
  const auto rows = rows_of({"selfplay", "--net", "resnet:blocks=1,channels=8", "--game",
                             "connect_four", "--games", "4", "--sims", "8", "--seconds", "1"},
                            "selfplay", "net_evaluations_per_second");
  const auto& row = rows[0];
  CHECK(row["outside_net_percent"].get<double>() > 0);
  CHECK(row["outside_net_percent"].get<double>() < 100);
  CHECK(row["outside_net_us_per_visit"].get<double>() > 0);
  CHECK(row["visits_per_second"].get<double>() >=
        0.5 * row["net_evaluations_per_second"].get<double>());
  check_ceiling(row);
}

TEST_CASE("The training bench takes real steps", "[tools][bench]") {
  const auto rows = rows_of({"train", "--net", "resnet:blocks=1,channels=8", "--game",
                             "tic_tac_toe", "--batch", "32", "--seconds", "0.01"},
                            "train", "samples_per_second");
  CHECK(rows[0]["batch"] == 32);
  check_ceiling(rows[0]);
}

TEST_CASE("Training is measured against a ceiling of its own precision", "[tools][bench]") {
  const std::string precision = GENERATE("fp32", "bf16");
  if (!nets::is_supported(nets::parse_precision(precision))) return;
  const auto rows =
      rows_of({"train", "--net", "resnet:blocks=1,channels=8", "--game", "tic_tac_toe", "--batch",
               "32", "--repeats", "1", "--seconds", "0.01", "--precision", precision},
              "train", "samples_per_second");
  CHECK(rows[0]["precision"] == precision);
  CHECK(rows[0]["ceiling"] == "oneDNN's " + precision + " convolutions alone");
}

TEST_CASE("The supervised bench takes steps of every kind of net", "[tools][bench]") {
  const auto rows =
      rows_of({"fit", "--repeats", "1", "--seconds", "0.01"}, "fit", "steps_per_second");
  REQUIRE(rows.size() == 3);
  CHECK(rows[2]["case"] == "lstm");
}

namespace {

/// Tunes in a second, with the tables on stdout; `file` receives the config.
CliResult tune_quickly(const std::string& file) {
  return run_cli(
      {"bench",   "tune", "--game",      "tic_tac_toe", "--net",     "mlp:layers=1,hidden=8",
       "--sims",  "8",    "--precision", "fp32",        "--threads", "1",
       "--games", "2,3",  "--batch",     "4,5",         "--seconds", "1",
       "--out",   file});
}

bool has_one_of(const std::string& text, const std::string& first, const std::string& second) {
  const bool one = text.find(first) != std::string::npos;
  return one != (text.find(second) != std::string::npos);
}

}  // namespace

TEST_CASE("The tuned config is one that training accepts", "[tools][bench]") {
  const test::TempDir directory;
  const std::string file = directory / "fast.toml";
  const CliResult tuned = tune_quickly(file);
  INFO(tuned.err << tuned.out);
  REQUIRE(tuned.code == 0);
  CHECK(tuned.out.find("visits/s") != std::string::npos);
  const CliResult printed = run_cli({"train", "--config", file, "--print-config"});
  INFO(printed.err);
  REQUIRE(printed.code == 0);
  for (const char* line : {"game = \"tic_tac_toe\"\n", "net = \"mlp:layers=1,hidden=8\"\n",
                           "threads = 1\n", "precision = \"fp32\"\n"})
    CHECK(printed.out.find(line) != std::string::npos);
  CHECK(has_one_of(printed.out, "games_per_thread = 2\n", "games_per_thread = 3\n"));
}

TEST_CASE("The tuned config is one that gtp accepts", "[tools][bench]") {
  const test::TempDir directory;
  const std::string file = directory / "fast.toml";
  const CliResult tuned = tune_quickly(file);
  REQUIRE(tuned.code == 0);
  CHECK(tuned.out.find("one tree of tic_tac_toe") != std::string::npos);
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  const std::string gtp = text.str().substr(text.str().find("\n[gtp]\n"));
  CHECK(gtp.find("\nthreads = 1\n") != std::string::npos);
  CHECK(gtp.find("\nprecision = \"fp32\"\n") != std::string::npos);
  CHECK(has_one_of(gtp, "\nbatch = 4\n", "\nbatch = 5\n"));

  std::istringstream in("name\nquit\n");
  std::streambuf* const keyboard = std::cin.rdbuf(in.rdbuf());
  const CliResult played = run_cli({"gtp", "--game", "tic_tac_toe", "--config", file});
  std::cin.rdbuf(keyboard);
  INFO(played.err);
  CHECK(played.code == 0);
  CHECK(played.out == "= Tengen\n\n=\n\n");
}

TEST_CASE("A tuned config that cannot be written is refused before anything is measured",
          "[tools][bench]") {
  const test::TempDir directory;
  const std::string file = directory / "nowhere/fast.toml";
  const CliResult tuned = tune_quickly(file);
  CHECK(tuned.code == 2);
  CHECK(tuned.out.empty());  // where the measurement's tables stand
  CHECK(tuned.err == "tengen bench tune: " + file + ": cannot be written\n");
}

TEST_CASE("The training bench offers the precisions that it takes", "[tools][bench]") {
  const std::string help = run_cli({"bench", "train", "--help"}).out;
  CHECK(help.find("fp32, bf16 or auto") != std::string::npos);
  check_usage_error(
      {"bench", "train", "--game", "tic_tac_toe", "--net", "mlp:hidden=4", "--precision", "int8"},
      "expected precision fp32, bf16 or auto, got 'int8'");
}

TEST_CASE("What a bench cannot measure is an error in one line", "[tools][bench]") {
  check_usage_error({"bench", "net", "--net", "resnat"}, "resnet");
  check_usage_error({"bench", "net", "--precision", "fp23"}, "fp23");
  check_usage_error({"bench", "net", "--batch", "0"}, "--batch");
  check_usage_error({"bench", "board", "--game", "chess"}, "chess");
  check_usage_error({"bench", "selfplay", "--game", "go:size=99"}, "size");
  check_usage_error({"bench", "train", "--seconds", "-1"}, "--seconds");
  check_usage_error({"bench", "fit", "--case", "gan"}, "lstm");
  check_usage_error({"bench", "tune", "--net", "nosuch"}, "nosuch");
  check_usage_error({"bench", "tune", "--games", "0"}, "--games");
  check_usage_error({"bench", "tune", "--batch", "0"}, "--batch");
  check_usage_error({"bench", "nets"}, "net");
}
