#include "tools/compiled_net.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <iostream>
#include <streambuf>
#include <string>
#include <utility>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;
using test::run_cli;

namespace {

std::string make_net(const test::TempDir& directory) {
  std::string path = directory / "net.safetensors";
  REQUIRE(run_cli({"net", "init", "-o", path, "--game", "go:size=5", "--net",
                   "resnet:blocks=1,channels=4"})
              .code == 0);
  return path;
}

/// Text that is typed once a file is gone.
class AfterRemoval : public std::streambuf {
 public:
  AfterRemoval(std::string path, std::string text)
      : path_(std::move(path)), text_(std::move(text)) {}

 protected:
  int_type underflow() override {
    if (!std::filesystem::remove(path_)) return traits_type::eof();
    setg(text_.data(), text_.data(), text_.data() + text_.size());
    return traits_type::to_int_type(*gptr());
  }

 private:
  const std::string path_;
  std::string text_;
};

}  // namespace

TEST_CASE("One compiled plan serves all games that differ in rules alone", "[tools][net]") {
  const test::TempDir directory;
  constexpr int kBatch = 12;
  tools::CompiledNet net(make_net(directory), nets::Precision::fp32, kBatch);
  const auto plan = net.plan_for(*envs::make_game("go:size=5"));
  CHECK(plan->prepare(kBatch) == 0);  // nothing is left to compile
  CHECK(net.plan_for(*envs::make_game("go:size=5,komi=0.5,suicide=1")) == plan);
  CHECK_THROWS_AS(net.plan_for(*envs::make_game("go:size=7")), Error);
  CHECK_THROWS_AS(net.plan_for(*envs::make_game("tic_tac_toe")), Error);
  CHECK(net.plan_for(*envs::make_game("go:size=5")) == plan);
}

TEST_CASE("A session reads its net before the first command and never again", "[tools][gtp][net]") {
  const test::TempDir directory;
  const std::string path = make_net(directory);
  AfterRemoval in(path,
                  "clear_cache\nkata-set-rules japanese\nkata-raw-nn all\nset_random_seed 3\n"
                  "kata-analyze b 1 avoid b A1 1\ngenmove b\n");
  std::streambuf* const keyboard = std::cin.rdbuf(&in);
  const test::CliResult played = run_cli({"gtp", "--net", path, "--sims", "20", "--threads", "1"});
  std::cin.rdbuf(keyboard);
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(played.out.find('?') == std::string::npos);
  CHECK(played.out.find("= symmetry 0") != std::string::npos);
}
