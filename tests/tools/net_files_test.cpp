#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "engine/base/read_file.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;
using Catch::Matchers::Contains;
using test::CliResult;
using test::run_cli;

namespace {

constexpr const char* kGame = "go:size=5,features=leela";

void make_net(const std::string& path, const std::string& game = kGame,
              const std::string& net = "resnet:blocks=1,channels=4") {
  const CliResult made = run_cli({"net", "init", "-o", path, "--game", game, "--net", net});
  INFO(made.err);
  REQUIRE(made.code == 0);
}

}  // namespace

TEST_CASE("A net is exported for Leela Zero and imported again", "[tools][net]") {
  const test::TempDir dir;
  make_net(dir / "net.safetensors");
  const CliResult exported =
      run_cli({"net", "export", dir / "net.safetensors", "-o", dir / "net.txt.gz"});
  CHECK(exported.err.empty());
  CHECK_THAT(exported.out, Contains("net.txt.gz: resnet:blocks=1,channels=4"));
  const CliResult imported = run_cli({"net", "import", dir / "net.txt.gz", "-o", dir / "back"});
  CHECK(imported.code == 0);
  CHECK_THAT(imported.out, Contains("for go:size=5") && Contains("features=leela"));
  CHECK(run_cli({"net", "describe", dir / "back"}).out ==
        run_cli({"net", "describe", dir / "net.txt.gz"}).out);
}

TEST_CASE("Any net is exported as ONNX", "[tools][net]") {
  const test::TempDir dir;
  make_net(dir / "net.safetensors", "go:size=5");
  CHECK(run_cli({"net", "export", dir / "net.safetensors", "-o", dir / "net.onnx"}).code == 0);
  const CliResult read = run_cli({"net", "describe", dir / "net.onnx"});
  CHECK(read.code == 2);
  CHECK_THAT(read.err, Contains("this is an ONNX model"));
}

TEST_CASE("An export says that it leaves an ownership head out", "[tools][net]") {
  const test::TempDir dir;
  make_net(dir / "two");
  make_net(dir / "three", kGame, "resnet:blocks=1,channels=4,ownership=true");
  CHECK_THAT(run_cli({"net", "describe", dir / "three"}).out, Contains("ownership, is not in the"));
  for (const char* file : {"three.txt", "three.onnx"}) {
    const CliResult exported = run_cli({"net", "export", dir / "three", "-o", dir / file});
    CHECK(exported.code == 0);
    CHECK_THAT(exported.out, Contains("without its ownership head"));
  }
  REQUIRE(run_cli({"net", "export", dir / "two", "-o", dir / "two.txt"}).code == 0);
  CHECK(read_file(dir / "two.txt", "weights") == read_file(dir / "three.txt", "weights"));
}

TEST_CASE("A file of Leela Zero plays as it is", "[tools][net]") {
  const test::TempDir dir;
  make_net(dir / "net.safetensors");
  REQUIRE(run_cli({"net", "export", dir / "net.safetensors", "-o", dir / "net.txt"}).code == 0);
  const CliResult match =
      run_cli({"match", "net:" + (dir / "net.txt").string() + ",sims=4", "random", "--games", "2"});
  INFO(match.err);
  CHECK(match.code == 0);
}

TEST_CASE("What cannot be exported or imported is one line", "[tools][net]") {
  const test::TempDir dir;
  make_net(dir / "leela");
  make_net(dir / "zero", "go:size=5");
  const auto check = [](const CliResult& result, const std::string& why) {
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, Contains(why));
  };
  check(run_cli({"net", "export", dir / "leela", "-o", dir / "net.h5"}), "ends in .txt");
  check(run_cli({"net", "export", dir / "zero", "-o", dir / "net.txt"}), "18 planes");
  check(run_cli({"net", "import", dir / "missing", "-o", dir / "net"}), "missing");
}
