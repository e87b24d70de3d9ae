#include "nets/inference/calibration.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "engine/base/random.hpp"
#include "nets/classifier.hpp"
#include "nets/inference/int8_graph.hpp"
#include "nets/inference/reference_plan.hpp"
#include "nets/inference/value_format.hpp"
#include "nets/policy_value_net.hpp"
#include "tests/support/net_fixtures.hpp"

namespace tengen::nets {
namespace {

/// One observation of one number x; value 1 = relu(2 x - 1) by a 1x1 convolution, value 2 = 3 times
/// that by a dense layer.
PlanGraph small_graph() {
  PlanGraph graph{
      .height = 1, .width = 1, .channels = 1, .ops = {}, .policy_logits = 2, .value = 2};
  PlanOp conv;
  conv.name = "conv";
  conv.output = 1;
  conv.weight = Tensor::from<float>({1, 1, 1, 1}, std::vector<float>{2});
  conv.bias = Tensor::from<float>({1}, std::vector<float>{-1});
  conv.activation = Activation::relu;
  conv.out_height = conv.out_width = conv.out_channels = 1;
  PlanOp dense;
  dense.kind = PlanOp::Kind::dense;
  dense.name = "dense";
  dense.input = 1;
  dense.output = 2;
  dense.weight = Tensor::from<float>({1, 1}, std::vector<float>{3});
  dense.bias = Tensor::from<float>({1}, std::vector<float>{0});
  dense.out_height = dense.out_width = dense.out_channels = 1;
  graph.ops = {conv, dense};
  return graph;
}

TEST_CASE("Calibration finds the range of every value of the net", "[nets][calibration]") {
  std::vector<float> x;
  for (int i = 0; i <= 100; ++i) x.push_back(static_cast<float>(i) / 25 - 1);  // -1 to 3
  const Calibration calibration = calibrate(small_graph(), x, 101);
  REQUIRE(calibration.ranges.size() == 3);
  CHECK(calibration.ranges[0].low == -1);
  CHECK(calibration.ranges[0].high == 3);
  CHECK(calibration.ranges[1].low == 0);
  CHECK(calibration.ranges[1].high == 5);
  CHECK(calibration.ranges[2].high == 15);
}

TEST_CASE("One stray number among many does not widen the range", "[nets][calibration]") {
  Rng rng(1);
  std::vector<float> x(100000);
  for (float& number : x) number = static_cast<float>(rng.uniform());
  x[70000] = 1.2f;  // clipping it costs less than larger steps for all the others
  CHECK(calibrate(small_graph(), x, 100000).ranges[0].high < 1.2f);
  CHECK(calibrate(small_graph(), x, 100000).ranges[0].high >= 0.9f);
  CHECK_THROWS_AS(calibrate(small_graph(), x, 100001), std::invalid_argument);
  CHECK_THROWS_AS(calibrate(small_graph(), x, 0), std::invalid_argument);
}

/// "op reads type" for every convolution of the graph.
std::map<std::string, ValueFormat> formats_read(const PlanGraph& graph,
                                                const std::vector<ValueFormat>& formats) {
  std::map<std::string, ValueFormat> read;
  for (const PlanOp& op : graph.ops)
    if (op.kind == PlanOp::Kind::conv) read[op.name] = formats[static_cast<std::size_t>(op.input)];
  return read;
}

TEST_CASE("In int8 the tower reads 8 bits and the first and last convolutions floats",
          "[nets][calibration]") {
  using Type = dnnl::memory::data_type;
  const auto [floats, float_type] =
      GENERATE(std::pair(Precision::fp32, Type::f32), std::pair(Precision::bf16, Type::bf16));
  Rng rng(3);
  const PlanGraph graph =
      int8_graph(make_net("resnet:blocks=2,channels=16", NetIo{5, 5, 4, 26}, rng)->graph());
  const auto values = static_cast<std::size_t>(count_values(graph));
  Calibration calibration{std::vector<ValueRange>(values, {0, 5})};
  const auto formats = value_formats(graph, Precision::int8, calibration, floats);
  for (const int result : {graph.policy_logits, graph.value})
    CHECK(formats[std::size_t(result)].type == Type::f32);
  auto read = formats_read(graph, formats);
  REQUIRE(read.size() == 7);
  for (const char* op : {"trunk.stem.conv", "policy.conv", "value.conv"})
    CHECK(read.at(op).type == float_type);
  for (const char* op : {"trunk.0.conv1", "trunk.0.conv2", "trunk.1.conv1", "trunk.1.conv2"}) {
    CHECK(read.at(op).type == Type::u8);
    CHECK(read.at(op).step == Approx(5 / 255.0));
  }
  calibration.ranges.assign(values, {-2, 1});
  read = formats_read(graph, value_formats(graph, Precision::int8, calibration, floats));
  CHECK(read.at("trunk.0.conv2").type == Type::s8);
  CHECK(read.at("trunk.0.conv2").step == Approx(2 / 127.0));
}

TEST_CASE("In int8 max pooling passes 8 bits on to convolutions and floats to dense layers",
          "[nets][calibration]") {
  using Type = dnnl::memory::data_type;
  Rng rng(5);
  const ClassifierIo io{.height = 16, .width = 16, .channels = 1, .classes = 3};
  const auto types_read = [&](const char* spec) {
    const PlanGraph graph = int8_graph(make_classifier(spec, io, rng)->graph());
    const Calibration calibration{
        std::vector<ValueRange>(static_cast<std::size_t>(count_values(graph)), {0, 5})};
    const auto formats = value_formats(graph, Precision::int8, calibration, Precision::fp32);
    std::map<std::string, Type> read;
    for (const PlanOp& op : graph.ops) read[op.name] = formats[std::size_t(op.input)].type;
    return read;
  };
  const auto deep = types_read("deep_cnn:channels=4,hidden=5");
  CHECK(deep.at("body.conv1") == Type::f32);
  for (const char* op : {"body.conv2", "body.conv2.pool", "body.conv3", "body.conv6"})
    CHECK(deep.at(op) == Type::u8);
  for (const char* op : {"body.conv6.pool", "body.fc1", "output"}) CHECK(deep.at(op) == Type::f32);
  const auto lenet = types_read("lenet");  // the first convolution is pooled at once
  CHECK(lenet.at("body.conv1.pool") == Type::u8);
  CHECK(lenet.at("body.conv2") == Type::u8);
}

TEST_CASE("The graph for int8 computes what the net computes", "[nets][calibration]") {
  Rng rng(4);
  for (const char* spec : {"resnet:blocks=2,channels=16",
                           "resnet:blocks=2,channels=16,block=preact", "mlp:layers=2,hidden=24"}) {
    INFO(spec);
    const PlanGraph graph = make_net(spec, NetIo{5, 5, 4, 26}, rng)->graph();
    const Tensor x = test::uniform_floats({3, 5, 5, 4}, rng, 0);
    const auto want = evaluate_reference(graph, x), got = evaluate_reference(int8_graph(graph), x);
    CHECK(
        std::ranges::equal(got.policy_logits.values<float>(), want.policy_logits.values<float>()));
    CHECK(std::ranges::equal(got.value.values<float>(), want.value.values<float>()));
  }
}

TEST_CASE("Stored values are rounded to the nearest of their type", "[nets][calibration]") {
  using Type = dnnl::memory::data_type;
  const std::vector<float> in{0, 0.24f, 1.25f, 127.4f, 500, -3, 1e30f};
  std::vector<BFloat16> bf16(in.size());
  store_values(in.data(), in.size(), Type::bf16, bf16.data());
  for (std::size_t i = 0; i < in.size(); ++i) CHECK(bf16[i].bits == to_bfloat16(in[i]).bits);
  std::vector<float> f32(in.size());
  store_values(in.data(), in.size(), Type::f32, f32.data());
  CHECK(f32 == in);
}

}  // namespace
}  // namespace tengen::nets
