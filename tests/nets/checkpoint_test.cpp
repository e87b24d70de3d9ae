#include "nets/checkpoint.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "engine/base/error.hpp"
#include "engine/io/safetensors.hpp"
#include "tests/support/net_fixtures.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

constexpr NetIo kIo{.height = 3, .width = 2, .channels = 2, .actions = 5};
constexpr const char* kSpec = "resnet:blocks=1,channels=4,value_hidden=8";

std::unique_ptr<PolicyValueNet> example(std::uint64_t seed, const std::string& spec = kSpec) {
  Rng rng(seed);
  auto net = make_net(spec, kIo, rng);
  randomize_norms_and_biases(*net, rng);
  return net;
}

bool same_values(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::ranges::equal(a.values<float>(), b.values<float>());
}

/// Saves an example net, then lets `change` spoil the file.
template <typename F>
std::string spoiled_file(const test::TempDir& dir, F&& change) {
  const std::string path = (dir / "net.safetensors").string();
  save_net(path, *example(1));
  io::Safetensors file = io::load_safetensors(path);
  change(file);
  io::save_safetensors(path, file.tensors, file.metadata);
  return path;
}

std::string error_of(const std::string& path) {
  try {
    load_net_file(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("A net comes back from its file with every number and its metadata",
          "[nets][checkpoint]") {
  const std::string spec = GENERATE(as<std::string>(), kSpec, "densenet:layers=2,growth=2",
                                    "resnet:blocks=1,channels=4,value_hidden=8,ownership=true");
  CAPTURE(spec);
  const test::TempDir dir;
  const std::string path = (dir / "net.safetensors").string();
  const auto net = example(1, spec);
  save_net(path, *net, {{"game", "tic_tac_toe"}, {"step", "12"}});
  const LoadedNet loaded = load_net_file(path);
  CHECK(loaded.net->spec() == canonical_net_spec(spec));
  CHECK_FALSE(loaded.net->training());
  CHECK(loaded.metadata.at("game") == "tic_tac_toe");
  CHECK(loaded.metadata.at("net") == canonical_net_spec(spec));
  CHECK(loaded.metadata.at("actions") == "5");
  const auto saved = net->parameters(), found = loaded.net->parameters();
  REQUIRE(saved.size() == found.size());
  for (std::size_t i = 0; i < saved.size(); ++i)
    CHECK(same_values(saved[i].variable.value(), found[i].variable.value()));
  for (std::size_t i = 0; i < net->buffers().size(); ++i)
    CHECK(same_values(net->buffers()[i].tensor, loaded.net->buffers()[i].tensor));
}

TEST_CASE("Loading into a net overwrites its weights in place", "[nets][checkpoint]") {
  const test::TempDir dir;
  const std::string path = (dir / "net.safetensors").string();
  const auto saved = example(1), net = example(2);
  save_net(path, *saved, {{"step", "3"}});
  const NamedParameter handle = net->parameters()[0];
  CHECK_FALSE(same_values(handle.variable.value(), saved->parameters()[0].variable.value()));
  CHECK(load_module(path, *net).at("step") == "3");
  CHECK(same_values(handle.variable.value(), saved->parameters()[0].variable.value()));
}

TEST_CASE("Extra metadata may not replace those of the net", "[nets][checkpoint]") {
  const test::TempDir dir;
  CHECK_THROWS_AS(save_net((dir / "net").string(), *example(1), {{"net", "mlp"}}),
                  std::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(dir / "net"));
}

TEST_CASE("A missing tensor is named", "[nets][checkpoint]") {
  const test::TempDir dir;
  const std::string path = spoiled_file(dir, [](io::Safetensors& file) {
    std::erase_if(file.tensors, [](const auto& t) { return t.name == "policy.linear.bias"; });
  });
  CHECK_THAT(error_of(path), StartsWith(path) && Contains("policy.linear.bias") && Contains("[5]"));
}

TEST_CASE("An extra tensor is named", "[nets][checkpoint]") {
  const test::TempDir dir;
  const std::string path = spoiled_file(dir, [](io::Safetensors& file) {
    file.tensors.push_back({"surplus", Tensor::zeros({2})});
  });
  CHECK_THAT(error_of(path), StartsWith(path) && Contains("surplus"));
}

TEST_CASE("A wrong shape or dtype is named with both sides", "[nets][checkpoint]") {
  const test::TempDir dir;
  const auto replace_with = [&](Tensor tensor) {
    return error_of(spoiled_file(dir, [&](io::Safetensors& file) {
      for (auto& each : file.tensors)
        if (each.name == "policy.linear.bias") each.tensor = tensor;
    }));
  };
  CHECK_THAT(replace_with(Tensor::zeros({6})),
             Contains("policy.linear.bias") && Contains("[5]") && Contains("[6]"));
  CHECK_THAT(replace_with(Tensor::zeros({5}, DType::f64)),
             Contains("policy.linear.bias") && Contains("f32") && Contains("f64"));
}

TEST_CASE("Wrong metadata are named", "[nets][checkpoint]") {
  const test::TempDir dir;
  const auto with = [&](const std::string& key, const std::string& value) {
    return error_of(spoiled_file(dir, [&](io::Safetensors& file) {
      value.empty() ? void(file.metadata.erase(key)) : void(file.metadata[key] = value);
    }));
  };
  CHECK_THAT(with("net", ""), Contains("\"net\""));
  CHECK_THAT(with("net", "vgg"), Contains("vgg") && Contains("resnet"));
  CHECK_THAT(with("height", "3x"), Contains("height") && Contains("3x"));
  CHECK_THAT(with("width", "0"), Contains("width"));
  CHECK_THAT(with("actions", "99999999999"), Contains("actions"));
}

TEST_CASE("A small file that claims a huge net is refused without making it",
          "[nets][checkpoint]") {
  const test::TempDir dir;
  const auto claims = [&](const std::string& key, const std::string& value) {
    return error_of(spoiled_file(dir, [&](io::Safetensors& file) { file.metadata[key] = value; }));
  };
  CHECK_THAT(claims("net", "resnet:blocks=200,channels=4096"),
             Contains("bytes") && Contains("channels=4096"));
  CHECK_THAT(claims("actions", "65536"), Contains("65536"));
}

TEST_CASE("A net is unchanged by a file that does not fit", "[nets][checkpoint]") {
  const test::TempDir dir;
  const std::string path =
      spoiled_file(dir, [](io::Safetensors& file) { file.tensors.pop_back(); });
  const auto net = example(2), before = example(2);
  CHECK_THROWS_AS(load_module(path, *net), Error);
  for (std::size_t i = 0; i < net->parameters().size(); ++i)
    CHECK(same_values(net->parameters()[i].variable.value(),
                      before->parameters()[i].variable.value()));
}

TEST_CASE("A file that is not a net is refused", "[nets][checkpoint]") {
  const test::TempDir dir;
  const std::string path = (dir / "text").string();
  std::ofstream(path) << "this is no safetensors file";
  CHECK_THROWS_AS(load_net_file(path), Error);
  CHECK_THROWS_AS(load_net_file((dir / "missing").string()), Error);
}
