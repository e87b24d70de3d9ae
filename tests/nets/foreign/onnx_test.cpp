#include "nets/foreign/onnx.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <span>
#include <sstream>
#include <vector>

#include "engine/base/error.hpp"
#include "nets/foreign/foreign_file.hpp"
#include "nets/foreign/protobuf_writer.hpp"
#include "nets/inference/reference_plan.hpp"
#include "tests/support/net_fixtures.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;
using namespace std::string_literals;

namespace {

constexpr NetIo kIo{.height = 5, .width = 4, .channels = 18, .actions = 21};
constexpr int kBatch = 3;
constexpr const char* kSpecs[] = {
    "mlp:layers=2,hidden=16",
    "resnet:blocks=2,channels=8",
    "resnet:blocks=2,channels=8,first_player_plane=16",
    "resnet:blocks=2,channels=8,block=preact",
    "resnet:blocks=2,channels=8,block=bottleneck,value_channels=2",
    "resnet:blocks=2,channels=8,block=bottleneck_preact,policy_channels=3",
    "densenet:layers=2,growth=3,stages=2",
    "mlp:hidden=16-8,activation=maxout,pieces=3",
    "mlp:hidden=16-8,activation=prelu",
    "resnet:blocks=1,channels=8,norm=group,groups=4,activation=silu",
    "resnet:blocks=1,channels=8,block=preact,norm=none,activation=gelu",
    "resnet:blocks=1,channels=8,activation=prelu",
    "resnet:blocks=1,channels=8,activation=leaky_relu,slope=0.2",
    "resnet:blocks=1,channels=8,activation=sigmoid",
};

std::unique_ptr<PolicyValueNet> example(const std::string& spec) {
  Rng rng(3);
  auto net = make_net(spec, kIo, rng);
  randomize_norms_and_biases(*net, rng);
  net->eval();
  return net;
}

std::string bytes_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// The fields of a Protocol Buffers message: integers as text, the rest as it is.
std::multimap<int, std::string> fields_of(std::string_view bytes) {
  std::multimap<int, std::string> fields;
  const auto varint = [&] {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      REQUIRE_FALSE(bytes.empty());
      const auto byte = static_cast<unsigned char>(bytes[0]);
      bytes.remove_prefix(1);
      value |= std::uint64_t(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (!bytes.empty()) {
    const std::uint64_t key = varint(), value = varint();
    if ((key & 7) == 0) {
      fields.emplace(key >> 3, std::to_string(value));
    } else {
      REQUIRE((key & 7) == 2);
      REQUIRE(value <= bytes.size());
      fields.emplace(key >> 3, bytes.substr(0, value));
      bytes.remove_prefix(value);
    }
  }
  return fields;
}

std::map<std::string, int> count_node_types(const std::string& graph) {
  std::map<std::string, int> counts;
  const auto fields = fields_of(graph);
  for (auto [it, end] = fields.equal_range(1); it != end; ++it)
    ++counts[fields_of(it->second).find(4)->second];
  return counts;
}

/// Whole planes of one player for 16 and 17, as the game writes them.
Tensor observations() {
  Rng rng(4);
  Tensor x = uniform_floats({kBatch, kIo.height, kIo.width, kIo.channels}, rng);
  const std::span<float> planes = x.values<float>();
  for (std::size_t i = 0; i < planes.size(); i += 18) {
    planes[i + 16] = i < planes.size() / 2 ? 1.0f : 0.0f;
    planes[i + 17] = 1 - planes[i + 16];
  }
  return x;
}

std::vector<float> run_elsewhere(const std::string& model, const Tensor& x, const TempDir& dir) {
  const std::string input = (dir / "input").string(), output = (dir / "output").string();
  std::ofstream(input, std::ios::binary)
      .write(static_cast<const char*>(x.data()), std::streamsize(x.size() * 4));
  const std::string command =
      fmt::format("node {}/../support/run_onnx.js {} {} {} {} {} {} {}", TENGEN_GOLDEN, model,
                  input, output, kBatch, kIo.height, kIo.width, kIo.channels);
  REQUIRE(std::system(command.c_str()) == 0);
  const std::string bytes = bytes_of(output);
  std::vector<float> results(bytes.size() / 4);
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(results.data()));
  return results;
}

bool skipped(const char* variable, const char* what) {
  if (std::getenv(variable)) return false;
  WARN("SKIPPED: " << variable << " is not set: " << what);
  std::cout << "SKIPPED: " << variable << " is not set: " << what << "\n";
  return true;
}

}  // namespace

TEST_CASE("Protocol Buffers are encoded as their document shows", "[nets][onnx]") {
  CHECK(ProtobufWriter().integer(1, 150).str() == "\x08\x96\x01"s);
  CHECK(ProtobufWriter().bytes(2, "testing").str() == "\x12\x07testing"s);
  CHECK(ProtobufWriter().message(3, ProtobufWriter().integer(1, 150)).str() ==
        "\x1a\x03\x08\x96\x01"s);
  CHECK(ProtobufWriter().integer(20, -1).str() ==
        "\xa0\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s);
}

TEST_CASE("An ONNX model has the net's layers, metadata and name", "[nets][onnx]") {
  const TempDir dir;
  const std::string path = (dir / "net.onnx").string();
  save_onnx(path, *example("resnet:blocks=2,channels=8"), {{"game", "go"}});
  CHECK(foreign_kind(path) == "an ONNX model");
  const auto model = fields_of(bytes_of(path));
  CHECK(model.find(1)->second == "6");
  CHECK(fields_of(model.find(8)->second).find(2)->second == "11");
  CHECK(model.count(14) == 6);
  const auto counts = count_node_types(model.find(7)->second);
  CHECK(counts == std::map<std::string, int>{{"Transpose", 1},
                                             {"Conv", 7},
                                             {"Add", 2},
                                             {"Relu", 8},
                                             {"Flatten", 3},
                                             {"Gemm", 3},
                                             {"Tanh", 1},
                                             {"Identity", 1},
                                             {"Reshape", 1}});
}

TEST_CASE("The checker of ONNX accepts every kind of net", "[nets][onnx]") {
  if (skipped("TENGEN_PYTHON_ONNX", "a Python that has onnx (Debian: python3-onnx)")) return;
  const TempDir dir;
  for (const char* spec : kSpecs) {
    const std::string path = (dir / "net.onnx").string();
    save_onnx(path, *example(spec));
    const std::string command = fmt::format(
        "{} -c 'import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), True)' {}",
        std::getenv("TENGEN_PYTHON_ONNX"), path);
    INFO(spec);
    CHECK(std::system(command.c_str()) == 0);
  }
}

TEST_CASE("ONNX Runtime computes what we compute", "[nets][onnx]") {
  if (skipped("TENGEN_ONNXRUNTIME", "NODE_PATH of npm's onnxruntime-node")) return;
  ::setenv("NODE_PATH", std::getenv("TENGEN_ONNXRUNTIME"), 1);
  const TempDir dir;
  const Tensor x = observations();
  for (const char* spec : kSpecs) {
    const auto net = example(spec);
    const std::string path = (dir / "net.onnx").string();
    save_onnx(path, *net);
    const ReferenceEvaluation ours = evaluate_reference(net->graph(), x);
    const std::vector<float> theirs = run_elsewhere(path, x, dir);
    const std::size_t logits = std::size_t(kBatch) * kIo.actions;
    REQUIRE(theirs.size() == logits + kBatch);
    double worst = 0;
    for (std::size_t i = 0; i < theirs.size(); ++i)
      worst = std::max(worst, std::abs(double(theirs[i]) -
                                       (i < logits ? ours.policy_logits.values<float>()[i]
                                                   : ours.value.values<float>()[i - logits])));
    std::cout << fmt::format("ONNX Runtime against {}: largest difference {:.2g}\n", spec, worst);
    INFO(spec);
    CHECK(worst < 1e-4);
  }
}
