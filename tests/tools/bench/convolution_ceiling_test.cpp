#include "tools/bench/convolution_ceiling.hpp"

#include <catch2/catch.hpp>

#include "envs/registry.hpp"
#include "tools/bench/fixtures.hpp"

using namespace tengen;
using namespace tengen::tools;

TEST_CASE("The ceiling runs a net's convolutions in both passes", "[tools][bench]") {
  const auto game = envs::make_game("tic_tac_toe");
  const nets::PlanGraph graph = net_for("resnet:blocks=1,channels=8", *game)->graph();
  for (const auto pass : {ConvolutionPass::inference, ConvolutionPass::training})
    CHECK(convolution_work(graph, nets::Precision::fp32, pass, 3)() == 3);
  const auto ceiling =
      convolution_ceiling(graph, nets::Precision::fp32, ConvolutionPass::inference, 2, 2);
  REQUIRE(ceiling);
  CHECK(ceiling->name == "oneDNN's fp32 convolutions alone");
  CHECK(ceiling->run(0) > 0);
}

TEST_CASE("A net without convolutions has no such ceiling", "[tools][bench]") {
  const auto game = envs::make_game("tic_tac_toe");
  const nets::PlanGraph graph = net_for("mlp:layers=1,hidden=8", *game)->graph();
  CHECK_FALSE(has_convolutions(graph));
  CHECK_FALSE(convolution_ceiling(graph, nets::Precision::fp32, ConvolutionPass::inference, 1, 1));
  CHECK_THROWS_AS(convolution_work(graph, nets::Precision::fp32, ConvolutionPass::inference, 1),
                  std::invalid_argument);
}
