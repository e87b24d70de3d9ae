#include "selfplay/policy_gradient/shared_body.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_slice.hpp"
#include "engine/init/initializers.hpp"
#include "engine/kernels/backend.hpp"
#include "selfplay/policy_gradient/policy_gradient_run.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tensors.hpp"

namespace tengen::selfplay {
namespace {

using Catch::Matchers::Contains;

constexpr int kSide = 4, kChannels = 2, kInputs = kSide * kSide * kChannels, kRows = 3;

std::unique_ptr<ActorCritic> make_net(const std::string& body, const std::string& memory = "none",
                                      std::uint64_t seed = 7) {
  Rng rng(seed);
  const ActorCriticShape shape{.inputs = kInputs,
                               .layers = 1,
                               .hidden = 3,
                               .body = body,
                               .planes = {kSide, kSide, kChannels},
                               .memory = memory,
                               .memory_units = 2};
  return make_actor_critic(shape, *Distribution::make(envs::rl::Space::discrete(3), false), rng);
}

PolicyGradientConfig small_config(const std::string& body) {
  PolicyGradientConfig config = usual_config("ppo", "connect_four:width=5,height=4");
  config.body = body;
  config.environments = 8;
  config.rollout = 16;
  config.steps = 1024;
  config.evaluate_every = 512;
  return config;
}

/// Parameters and values side by side.
Variable outputs(ActorCritic& net, const Variable& observations) {
  const PolicyOutput out = net.forward({observations, 1, kRows, {}, {}});
  return concat({out.parameters, out.values}, 1);
}

}  // namespace

TEST_CASE("Policy and critic behind a body have the shapes of any and act as they learn",
          "[selfplay][pg][planes]") {
  Rng rng(1);
  for (const auto& [body, memory] : {std::pair{"cnn:channels=3,kernel=3,hidden=5", "none"},
                                     {"resnet:blocks=1,channels=3", "none"},
                                     {"mobile:blocks=1,channels=4", "lstm"},
                                     {"deep_cnn:channels=2,hidden=4", "none"}}) {
    CAPTURE(body);
    if (std::string(body).starts_with("deep_cnn")) {  // halves planes three times: too small
      CHECK_THROWS_WITH(make_net(body), Contains("larger images"));
      continue;
    }
    const auto net = make_net(body, memory);
    const Tensor x = random_normal({kRows, kInputs}, 1, rng);
    Tensor state = Tensor::zeros({kRows, std::max<std::int64_t>(net->state_size(), 1)});
    const PolicyOutput out = net->forward({Variable(x), 1, kRows, state.clone(), {}});
    CHECK(out.parameters.shape() == Shape{kRows, 3});
    CHECK(out.values.shape() == Shape{kRows, 1});
    Tensor parameters({kRows, 3}), values({kRows, 1});
    net->prepare();
    net->act(x.values<float>(), kRows, state, parameters.values<float>(), values.values<float>());
    CHECK(test::relative_difference(parameters, out.parameters.value()) < 1e-5);
    CHECK(test::relative_difference(values, out.values.value()) < 1e-5);
    for (const NamedBuffer& buffer : net->buffers())  // nothing that acting or learning moves
      for (const float number : buffer.tensor.values<float>()) CHECK((number == 0 || number == 1));
  }
}

TEST_CASE("Gradients reach a shared body from policy and critic", "[selfplay][pg][planes]") {
  Rng rng(2);
  const Tensor x = test::uniform_doubles({kRows, kInputs}, rng);
  for (const char* body : {"cnn:channels=2,kernel=3,hidden=4", "resnet:blocks=1,channels=2"}) {
    const auto net = make_net(body);
    test::check_module_gradients(
        *net, [&](const Variable& input) { return outputs(*net, input); }, x);
  }
}

TEST_CASE("Weights of a shared body start orthogonal", "[selfplay][pg][planes]") {
  const auto net = make_net("resnet:blocks=1,channels=4");
  int seen = 0;
  for (const NamedParameter& parameter : net->parameters()) {
    const Tensor& weight = parameter.variable.value();
    if (!parameter.name.starts_with("body") || weight.shape().rank() < 2) continue;
    ++seen;
    const std::int64_t width = weight.size() / weight.dim(0);
    for (std::int64_t i = 0; i < weight.dim(0); ++i)
      for (std::int64_t k = 0; k <= i; ++k) {
        const Tensor a = weight.rows(i, i + 1), b = weight.rows(k, k + 1);
        REQUIRE(width >= weight.dim(0));
        CHECK(test::dot(a, b) == Approx(i == k ? 2 : 0).margin(1e-5));
      }
  }
  CHECK(seen == 3);  // stem and two convolutions
}

TEST_CASE("A body is refused where there are no planes before anything is written",
          "[selfplay][pg][planes]") {
  const test::TempDir directory;
  PolicyGradientObserver silent;
  const auto refused = [&](auto change, const std::string& message) {
    PolicyGradientConfig config = small_config("cnn:channels=4,kernel=3");
    change(config);
    CHECK_THROWS_WITH(train_policy(config, directory.path() / "run", silent), Contains(message));
    CHECK_FALSE(std::filesystem::exists(directory.path() / "run"));
  };
  refused([](auto& c) { c.env = "CartPole-v1"; }, "CartPole-v1 are Box");
  refused([](auto& c) { c.env = "Taxi-v3"; }, "Discrete(500)");
  refused([](auto& c) { c.body = "perceptron"; }, "expected one of resnet");
  refused([](auto& c) { c.body = "cnn:depth=3"; }, "depth");
  refused([](auto& c) { c.body = "deep_cnn"; }, "larger images");
  refused([](auto& c) { c.algo = "npg", c.target_kl = 0.1; }, "npg cannot have a body");
}

TEST_CASE("A convolutional policy learns to beat random moves", "[selfplay][pg][planes]") {
  PolicyGradientConfig config = usual_config("ppo", "connect_four:width=5,height=4");
  config.body = "cnn:channels=16,kernel=3,hidden=64";
  config.layers = 0;
  config.steps = config.evaluate_every = 30000;
  PolicyGradientTrainer trainer(config);
  PolicyGradientObserver silent;
  CHECK(train_to_evaluation(trainer, config, silent)->evaluation_return >= 0.3);
}

TEST_CASE("Training on planes goes on from a checkpoint as if nothing had happened",
          "[selfplay][pg][planes]") {
  const kernels::ScopedThreads one_thread(1);
  for (const char* body : {"cnn:channels=4,kernel=3,hidden=8", "resnet:blocks=1,channels=4"}) {
    PolicyGradientConfig config = small_config(body);
    config.opponents = 3;
    config.opponent_every = 2;
    const test::TempDir directory;
    PolicyGradientTrainer whole(config), resumed(config);
    for (int i = 0; i < 5; ++i) whole.update();
    whole.save(directory.path());
    resumed.load(directory.path());
    for (int i = 0; i < 3; ++i) CHECK(whole.update().terms.loss == resumed.update().terms.loss);
  }
}

}  // namespace tengen::selfplay
