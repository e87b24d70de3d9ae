#include "nets/inference/graph_builder.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/layers/conv2d.hpp"
#include "nets/inference/reference_plan.hpp"
#include "nets/policy_value_net.hpp"
#include "tests/support/net_fixtures.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;

namespace {

constexpr NetIo kIo{.height = 5, .width = 4, .channels = 3, .actions = 21};

double largest_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  double largest = 0;
  for (std::size_t i = 0; i < a.values<float>().size(); ++i)
    largest = std::max(largest, double(std::abs(a.values<float>()[i] - b.values<float>()[i])));
  return largest;
}

}  // namespace

TEST_CASE("The graph of every net computes what the net does in eval mode", "[nets][graph]") {
  const std::string spec = GENERATE(
      "resnet:blocks=3,channels=12,block=basic", "resnet:blocks=3,channels=12,block=preact",
      "resnet:blocks=3,channels=12,block=bottleneck",
      "resnet:blocks=3,channels=12,block=bottleneck_preact,bottleneck=5,value_channels=2",
      "resnet:blocks=2,channels=6,block=pyramid,widening=7",
      "resnet:blocks=1,channels=4,widen=2,stages=2,block=preact,dropout=0.3",
      "mobile:blocks=2,channels=6,stages=2", "densenet:layers=2,growth=3",
      "densenet:layers=2,growth=3,stages=2", "mlp:layers=3,hidden=16");
  CAPTURE(spec);
  Rng rng(1);
  const auto net = make_net(spec, kIo, rng);
  randomize_norms_and_biases(*net, rng);
  net->eval();
  const Tensor x = uniform_floats({6, 5, 4, 3}, rng);
  const PolicyValue expected = net->forward(Variable(x));
  const ReferenceEvaluation found = evaluate_reference(net->graph(), x);
  CHECK(largest_difference(found.policy_logits, expected.policy_logits.value()) < 1e-4);
  CHECK(largest_difference(found.value, expected.value.value()) < 1e-4);
}

TEST_CASE("Residual additions and activations are fused into the convolutions", "[nets][graph]") {
  Rng rng(2);
  const auto kinds = [&](const std::string& spec) {
    std::vector<PlanOp::Kind> result;
    const PlanGraph graph = make_net(spec, kIo, rng)->graph();
    for (const PlanOp& op : graph.ops) result.push_back(op.kind);
    result.resize(result.size() - 5);  // the heads: two ops of policy, three of value
    return result;
  };
  using enum PlanOp::Kind;
  using Kinds = std::vector<PlanOp::Kind>;
  CHECK(kinds("resnet:blocks=2,channels=4") == Kinds(5, conv));
  CHECK(kinds("resnet:blocks=1,channels=4,block=bottleneck") == Kinds(4, conv));
  CHECK(kinds("resnet:blocks=1,channels=4,block=preact") ==
        Kinds{conv, affine, conv, conv, affine});
  CHECK(kinds("resnet:blocks=1,channels=4,block=bottleneck_preact") ==
        Kinds{conv, affine, conv, conv, conv, affine});
}

TEST_CASE("Every op reads values that are made before it", "[nets][graph]") {
  Rng rng(3);
  const PlanGraph graph = make_net("resnet:blocks=2,channels=4,block=preact", kIo, rng)->graph();
  for (std::size_t i = 0; i < graph.ops.size(); ++i) {
    CHECK(graph.ops[i].output == int(i) + 1);
    CHECK(graph.ops[i].input <= int(i));
    CHECK(graph.ops[i].residual <= int(i));
  }
  CHECK(graph.ops[graph.policy_logits - 1].out_channels == kIo.actions);
  CHECK(graph.ops[graph.value - 1].out_channels == 1);
}

TEST_CASE("A graph keeps its weights when the net trains on", "[nets][graph]") {
  Rng rng(4);
  const auto net = make_net("mlp", kIo, rng);
  const PlanGraph graph = net->graph();
  const float before = graph.ops[0].weight.values<float>()[0];
  for (const NamedParameter& parameter : net->parameters())
    Variable(parameter.variable).value().fill(42);
  CHECK(graph.ops[0].weight.values<float>()[0] == before);
}

TEST_CASE("A strided convolution followed by a plain addition is built and evaluated",
          "[nets][graph]") {
  Rng rng(5);
  const Conv2d layer({.in_channels = 2, .out_channels = 3, .kernel = 3, .stride = 2, .bias = true},
                     rng);
  GraphBuilder builder(5, 7, 2);
  const int y = builder.conv("conv", GraphBuilder::kInput, layer, nullptr, Activation::none);
  const int twice = builder.add("add", y, y, Activation::relu);
  const PlanGraph graph = std::move(builder).finish(twice, twice);
  REQUIRE(graph.ops.size() == 2);
  CHECK(graph.ops[1].out_height == 3);
  CHECK(graph.ops[1].out_width == 4);
  CHECK(graph.ops[1].out_channels == 3);
  CHECK(graph.ops[0].multiply_adds == 3 * 4 * 3 * 9 * 2);
  CHECK(graph.ops[1].kind == PlanOp::Kind::add);
}

TEST_CASE("The reference evaluation rejects observations of another shape", "[nets][graph]") {
  Rng rng(6);
  const PlanGraph graph = make_net("mlp", kIo, rng)->graph();
  CHECK_THROWS_AS(evaluate_reference(graph, Tensor::zeros({1, 5, 5, 3})), std::invalid_argument);
  CHECK_THROWS_AS(evaluate_reference(graph, Tensor::zeros({5, 4, 3})), std::invalid_argument);
}
