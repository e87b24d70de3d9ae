// Training in bf16: gradients close to those in float, the same learning, exact reproducibility.
// Where the CPU has no bf16 oneDNN emulates it; the numbers are the same.
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/losses/mean_squared_error.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
#include "envs/registry.hpp"
#include "selfplay/trainer.hpp"
#include "tests/support/random_games.hpp"
#include "tests/support/tensors.hpp"
#include "tests/support/tiny_nets.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

constexpr const char* kResNet = "resnet:blocks=2,channels=16,value_hidden=16";

TrainingBatch some_batch(const std::shared_ptr<const envs::Game>& game, int size) {
  Rng rng(5);
  ReplayWindow window(game, 1000);
  for (std::uint64_t i = 0; i < 20; ++i) window.add(test::random_record(*game, i, rng));
  TrainingBatch batch;
  window.sample(size, false, 0, rng, batch);
  return batch;
}

/// Gradients of the loss of a fixed net on a fixed batch.
std::vector<NamedParameter> gradients(nets::PolicyValueNet& net, const TrainingBatch& batch,
                                      DType dtype) {
  net.train();
  net.zero_grad();
  const nets::PolicyValue output = net.forward(Variable(batch.observations.to(dtype)));
  add(softmax_cross_entropy(output.policy_logits, batch.policy),
      mean_squared_error(output.value, batch.value))
      .backward();
  return net.parameters();
}

double cosine(const Tensor& a, const Tensor& b) {
  return test::dot(a, b) / std::sqrt(test::dot(a, a) * test::dot(b, b));
}

std::vector<float> train(const std::string& precision, int threads, int steps, Losses& last) {
  const auto game = envs::make_game("connect_four");
  const auto net = test::tiny_net(*game, 1, kResNet);
  TrainerConfig config;
  config.precision = precision;
  config.learning_rate = 0.01;
  config.warmup_steps = 0;
  Trainer trainer(*net, config, threads);
  const TrainingBatch batch = some_batch(game, 64);
  for (int i = 0; i < steps; ++i) last = trainer.step(batch);
  std::vector<float> weights;
  for (const NamedParameter& p : net->parameters())
    for (float x : p.variable.value().values<float>()) weights.push_back(x);
  return weights;
}

}  // namespace

// How far bf16 may turn a gradient is the net's own matter: a deep one turns by a good part of what
// the rounding of its weights alone does. So that is the yardstick, layer by layer, of a float net
// with rounded weights. bf16 rounds activations and gradients besides: three errors of one kind, on
// several layers, whose squares add up (measured: at most 4.1 times, where it exceeds a
// thousandth).
TEST_CASE("Gradients in bf16 point where those in float do in every layer",
          "[selfplay][trainer][bf16]") {
  const auto game = envs::make_game("connect_four");
  const TrainingBatch batch = some_batch(game, 256);
  for (const char* block : {"basic", "preact", "bottleneck", "bottleneck_preact"}) {
    const std::string spec =
        std::string("resnet:blocks=2,channels=64,policy_channels=8,value_channels=4,block=") +
        block;
    const auto wide = test::tiny_net(*game, 1, spec), narrow = test::tiny_net(*game, 1, spec);
    const auto rounded = test::tiny_net(*game, 1, spec);
    for (const NamedParameter& p : rounded->parameters()) {
      Variable weight = p.variable;
      weight.value().copy_from(weight.value().to(DType::bf16).to(DType::f32));
    }
    const auto expected = gradients(*wide, batch, DType::f32);
    const auto yardstick = gradients(*rounded, batch, DType::f32);
    const auto actual = gradients(*narrow, batch, DType::bf16);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const Tensor &a = actual[i].variable.grad(), &b = expected[i].variable.grad();
      INFO(block << " " << expected[i].name);
      CHECK(a.dtype() == DType::f32);
      const double turned = 1 - cosine(a, b);
      const double by_weights = 1 - cosine(yardstick[i].variable.grad(), b);
      CHECK(turned < 6 * by_weights + 1e-3);
      CHECK(std::sqrt(test::dot(a, a) / test::dot(b, b)) == Approx(1).epsilon(0.1));
    }
  }
}

TEST_CASE("A tiny net learns in bf16 as well as in float", "[selfplay][trainer][bf16]") {
  Losses wide, narrow;
  train("fp32", 1, 60, wide);
  train("bf16", 1, 60, narrow);
  CHECK(wide.policy - wide.entropy < 0.05);
  CHECK(narrow.policy - narrow.entropy < 0.05);
  CHECK(narrow.total == Approx(wide.total).epsilon(0.1));
}

TEST_CASE("Training in bf16 is reproducible to the bit on one thread and on several",
          "[selfplay][trainer][bf16]") {
  Losses losses;
  for (int threads : {1, 2})
    CHECK(train("bf16", threads, 5, losses) == train("bf16", threads, 5, losses));
}

TEST_CASE("The trainer refuses a precision it does not know", "[selfplay][trainer]") {
  const auto game = envs::make_game("tic_tac_toe");
  const auto net = test::tiny_net(*game);
  TrainerConfig config;
  config.precision = "int8";
  CHECK_THROWS_WITH(Trainer(*net, config), Catch::Contains("fp32, bf16 or auto"));
  config.precision = "fp32";
  CHECK(Trainer(*net, config).activations() == DType::f32);
  config.precision = "bf16";
  CHECK(Trainer(*net, config).activations() == DType::bf16);
}
