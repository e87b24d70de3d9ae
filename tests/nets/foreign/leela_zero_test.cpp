#include "nets/foreign/leela_zero.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <span>
#include <sstream>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/io/text_lines.hpp"
#include "nets/inference/inference_plan.hpp"
#include "nets/inference/reference_plan.hpp"
#include "tests/support/net_fixtures.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;
using Catch::Matchers::Contains;

namespace {

constexpr int kSize = 4;
constexpr NetIo kIo{.height = kSize, .width = kSize, .channels = 18, .actions = kSize * kSize + 1};
constexpr const char* kSpec = "resnet:blocks=2,channels=6";

/// Random statistics everywhere; the scales of the norms are 1 unless `scales`.
std::unique_ptr<PolicyValueNet> example(const std::string& spec, bool scales = false) {
  Rng rng(7);
  auto net = make_net(spec, kIo, rng);
  randomize_norms_and_biases(*net, rng);
  for (const NamedParameter& parameter : net->parameters())
    if (!scales && ends_with(parameter.name, "gamma")) {
      Tensor gamma = parameter.variable.value();
      std::ranges::fill(gamma.values<float>(), 1.0f);
    }
  net->eval();
  return net;
}

bool same_values(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::ranges::equal(a.values<float>(), b.values<float>());
}

void check_same_weights(const PolicyValueNet& a, const PolicyValueNet& b) {
  const auto p = a.parameters(), q = b.parameters();
  REQUIRE(p.size() == q.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    INFO(p[i].name);
    CHECK(same_values(p[i].variable.value(), q[i].variable.value()));
  }
  const auto s = a.buffers(), t = b.buffers();
  for (std::size_t i = 0; i < s.size(); ++i) CHECK(same_values(s[i].tensor, t[i].tensor));
}

std::string bytes_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// A written net, with a line changed.
std::string spoiled(const TempDir& dir,
                    const std::function<void(std::vector<std::string>&)>& change) {
  const std::string good = (dir / "good").string(), bad = (dir / "bad").string();
  save_leela_zero(good, *example(kSpec));
  std::vector<std::string> lines;
  io::TextLines file(good);
  for (std::string line; file.next(line);) lines.push_back(line);
  change(lines);
  io::write_lines_atomically(bad, [&](const io::LineSink& sink) {
    for (const std::string& line : lines) sink(line);
  });
  return bad;
}

}  // namespace

TEST_CASE("A net comes back from Leela Zero's format with every number", "[nets][leela_zero]") {
  const TempDir dir;
  for (const char* name : {"net.txt", "net.txt.gz"})
    for (const std::string option : {"", ",first_player_plane=16"}) {
      const std::string path = (dir / name).string();
      const auto net = example(kSpec + option);
      save_leela_zero(path, *net);
      CHECK(io::inflated_head(path, 2) == (option.empty() ? "1\n" : "2\n"));
      const LoadedNet loaded = load_leela_zero(path);
      CHECK(loaded.net->spec() == net->spec());
      CHECK_FALSE(loaded.net->training());
      CHECK(loaded.metadata.at("game") == leela_zero_game(kSize));
      check_same_weights(*net, *loaded.net);
    }
}

TEST_CASE("Any net file of Leela Zero is a net file", "[nets][leela_zero][checkpoint]") {
  const TempDir dir;
  const std::string path = (dir / "net.txt.gz").string();
  const auto net = example(kSpec);
  save_leela_zero(path, *net);
  const LoadedNet loaded = load_net_file(path);
  check_same_weights(*net, *loaded.net);
  CHECK(loaded.metadata.at("channels") == "18");
}

TEST_CASE("A file of Leela Zero is written again as it was read", "[nets][leela_zero]") {
  const TempDir dir;
  const std::string first = (dir / "first").string(), second = (dir / "second").string();
  save_leela_zero(first, *example(kSpec, true));
  save_leela_zero(second, *load_leela_zero(first).net);
  const bool same = bytes_of(first) == bytes_of(second);
  CHECK(same);
}

TEST_CASE("Scales of norms move into the weights of Leela Zero's format", "[nets][leela_zero]") {
  const TempDir dir;
  const std::string path = (dir / "net").string();
  const auto net = example(kSpec, true);
  save_leela_zero(path, *net);
  const LoadedNet loaded = load_leela_zero(path);
  Rng rng(1);
  const Tensor x = uniform_floats({3, kSize, kSize, 18}, rng);
  const auto before = evaluate_reference(net->graph(), x);
  const auto after = evaluate_reference(loaded.net->graph(), x);
  for (std::size_t i = 0; i < 3 * 17; ++i)
    CHECK(after.policy_logits.values<float>()[i] ==
          Approx(before.policy_logits.values<float>()[i]).margin(1e-4));
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(after.value.values<float>()[i] == Approx(before.value.values<float>()[i]).margin(1e-4));
}

TEST_CASE("Leela Zero's lines hold the numbers where its source looks for them",
          "[nets][leela_zero]") {
  const TempDir dir;
  const std::string path = (dir / "net").string();
  const auto net = example(kSpec);
  save_leela_zero(path, *net);
  std::vector<std::vector<double>> lines;
  io::TextLines file(path);
  for (std::string line; file.next(line);) {
    std::istringstream numbers(line);
    lines.emplace_back(std::istream_iterator<double>(numbers), std::istream_iterator<double>());
  }
  REQUIRE(lines.size() == 1 + 4 + 2 * 8 + 6 + 8);
  const auto tensor = [&](const std::string& name) {
    for (const NamedParameter& parameter : net->parameters())
      if (parameter.name == name) return parameter.variable.value();
    FAIL(name);
    return Tensor();
  };
  // Stem: output 4, input 17, y 0 (the lowest of the kernel's rows), x 2.
  CHECK(lines[1][((4 * 18 + 17) * 3 + 0) * 3 + 2] ==
        Approx(tensor("trunk.stem.conv.weight").values<float>()[((4 * 3 + 2) * 3 + 2) * 18 + 17]));
  // Policy: for the point x 3, y 1 (row 2 from the bottom), from plane 1 at x 2, y 3 (the top row).
  const std::size_t ours_to = 2 * kSize + 3, ours_from = (0 * kSize + 2) * 2 + 1;
  CHECK(lines[25][(1 * kSize + 3) * 32 + 16 + 3 * kSize + 2] ==
        Approx(tensor("policy.linear.weight").values<float>()[ours_to * 32 + ours_from]));
  CHECK(lines[26][16] == Approx(tensor("policy.linear.bias").values<float>()[16]));  // the pass
  // Value: hidden unit 200 from x 1, y 0 (the bottom row).
  CHECK(lines[31][200 * 16 + 1] ==
        Approx(tensor("value.linear1.weight").values<float>()[200 * 16 + 3 * kSize + 1]));
}

TEST_CASE("A value for the first player is turned by the plane that names the mover",
          "[nets][leela_zero][inference]") {
  const auto net = example(std::string(kSpec) + ",first_player_plane=16");
  const auto plain = example(kSpec);
  Rng rng(2);
  Tensor x = uniform_floats({2, kSize, kSize, 18}, rng);
  const std::span<float> planes = x.values<float>();
  for (std::size_t i = 0; i < planes.size(); i += 18) {
    planes[i + 16] = i < planes.size() / 2 ? 1.0f : 0.0f;
    planes[i + 17] = 1 - planes[i + 16];
  }
  const auto expected = evaluate_reference(plain->graph(), x).value;
  const auto found = evaluate_reference(net->graph(), x).value;
  const Variable trained = net->forward(Variable(x)).value;
  const InferencePlan plan(net->graph(), Precision::fp32, 2);
  std::vector<float> logits(2 * 17), values(2);
  plan.evaluate(2, x.values<float>(), logits, values, *plan.make_scratch());
  for (const std::size_t i : {0, 1}) {
    const float value = (i == 0 ? 1.0f : -1.0f) * expected.values<float>()[i];
    REQUIRE(std::abs(value) > 0.01f);
    CHECK(found.values<float>()[i] == value);
    CHECK(trained.value().values<float>()[i] == Approx(value).margin(1e-4));
    CHECK(values[i] == Approx(value).margin(1e-4));
  }
}

TEST_CASE("Wrong files of Leela Zero are errors that name the line", "[nets][leela_zero]") {
  const TempDir dir;
  const auto error = [&](const std::function<void(std::vector<std::string>&)>& change) {
    try {
      load_leela_zero(spoiled(dir, change));
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string("no error");
  };
  CHECK_THAT(error([](auto& lines) { lines[0] = "3"; }), Contains("version, 1 or 2"));
  CHECK_THAT(error([](auto& lines) { lines.pop_back(); }), Contains("cut off"));
  CHECK_THAT(error([](auto& lines) { lines[1] += " 1"; }), Contains("line 2"));
  CHECK_THAT(error([](auto& lines) { lines[7] += " 1"; }),
             Contains("line 8") && Contains("expected 6 numbers, got 7"));
  CHECK_THAT(error([](auto& lines) { lines[10] = "1 2 x 4 5 6"; }),
             Contains("line 11") && Contains("number 3"));
  CHECK_THAT(error([](auto& lines) { lines[10] = "1 2 nan 4 5 6"; }), Contains("line 11"));
  CHECK_THAT(error([](auto& lines) { lines[4] = "1 1 -1 1 1 1"; }), Contains("line 5"));
  CHECK_THAT(error([](auto& lines) { lines[26] = "1 2 3"; }), Contains("line 27"));
  CHECK(error([](auto& lines) { lines[10] = " 1\t2 3 4 5 6 "; }) == "no error");
}

TEST_CASE("Nets that Leela Zero's format cannot hold are refused", "[nets][leela_zero]") {
  const TempDir dir;
  const std::string path = (dir / "net").string();
  Rng rng(1);
  const auto refused = [&](const std::string& spec, const NetIo& io, const std::string& why) {
    INFO(spec);
    CHECK_THROWS_WITH(save_leela_zero(path, *make_net(spec, io, rng)), Contains(why));
  };
  refused("mlp", kIo, "resnet");
  refused("resnet:blocks=1,channels=4,block=preact", kIo, "block=basic");
  refused("resnet:blocks=1,channels=4,norm=none", kIo, "batch norm");
  refused("resnet:blocks=1,channels=4,activation=gelu", kIo, "ReLU");
  refused("resnet:blocks=1,channels=4,policy_channels=4", kIo, "policy_channels=2");
  NetIo zero = kIo;
  zero.channels = 17;
  refused("resnet:blocks=1,channels=4", zero, "18 planes");
  refused("resnet:blocks=1,channels=4,first_player_plane=3", kIo, "first_player_plane");
  CHECK_FALSE(std::filesystem::exists(path));
}
