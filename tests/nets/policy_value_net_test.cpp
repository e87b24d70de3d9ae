#include "nets/policy_value_net.hpp"

#include <catch2/catch.hpp>

#include "engine/kernels/backend.hpp"
#include "engine/losses/mean_squared_error.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
#include "engine/optim/adam.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/net_fixtures.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;

namespace {

constexpr NetIo kTiny{.height = 3, .width = 2, .channels = 2, .actions = 5};

/// One result that depends on all outputs.
Variable joined(PolicyValueNet& net, const Variable& observations) {
  const PolicyValue result = net.forward(observations);
  const Variable two = add(scale(sum_last_axis(square(result.policy_logits)), 0.01), result.value);
  if (!net.has_ownership()) return two;
  const Variable owners = tanh(scale(result.ownership_logits, 0.01));
  return add(two, sum_last_axis(sum_last_axis(owners)));
}

/// So that tanh does not saturate on the large numbers of push_off_kinks().
void soften_value(Module& net) {
  for (const NamedParameter& parameter : net.parameters()) {
    Tensor value = parameter.variable.value();
    if (parameter.name == "value.linear2.weight" || parameter.name == "value.weight")
      for (float& w : value.values<float>()) w *= 0.01f;
    if (parameter.name == "value.linear2.bias" || parameter.name == "value.bias") value.fill(0.1);
  }
}

}  // namespace

TEST_CASE("Every net passes the gradient check", "[nets][gradient]") {
  const std::string spec =
      GENERATE("resnet:blocks=1,channels=4,block=basic,value_hidden=4",
               "resnet:blocks=1,channels=4,block=preact,value_hidden=4",
               "resnet:blocks=1,channels=4,block=preact,value_hidden=4,ownership=true",
               "resnet:blocks=2,channels=4,block=bottleneck,value_hidden=4",
               "resnet:blocks=2,channels=4,block=bottleneck_preact,value_hidden=4,value_channels=2",
               "mlp:layers=2,hidden=6");
  CAPTURE(spec);
  Rng rng(1);
  const auto net = make_net(spec, kTiny, rng);
  push_off_kinks(*net);
  soften_value(*net);
  check_module_gradients(
      *net, [&](const Variable& x) { return joined(*net, x); }, uniform_doubles({2, 3, 2, 2}, rng));
}

TEST_CASE("Nets give logits for each action and values in their range", "[nets]") {
  const std::string spec = GENERATE("resnet:blocks=2,channels=8", "mlp");
  Rng rng(2);
  const auto net = make_net(spec, kTiny, rng);
  const PolicyValue result = net->forward(Variable(uniform_floats({4, 3, 2, 2}, rng, -50, 50)));
  CHECK(result.policy_logits.shape() == Shape{4, 5});
  REQUIRE(result.value.shape() == Shape{4});
  for (float v : result.value.value().values<float>()) CHECK(std::abs(v) <= 1);
}

TEST_CASE("Every net can learn a tiny batch by heart", "[nets]") {
  const std::string spec =
      GENERATE("resnet:blocks=1,channels=8,value_hidden=16",
               "resnet:blocks=1,channels=8,block=bottleneck_preact,value_hidden=16",
               "mlp:layers=2,hidden=32");
  CAPTURE(spec);
  Rng rng(3);
  const auto net = make_net(spec, kTiny, rng);
  const Variable x(uniform_floats({8, 3, 2, 2}, rng));
  Tensor policy = Tensor::zeros({8, 5});
  for (int row = 0; row < 8; ++row) policy.values<float>()[row * 5 + row % 5] = 1;
  const Tensor value = uniform_floats({8}, rng, -0.9, 0.9);

  const kernels::ScopedThreads one_thread(1);  // such small batches only wait for each other
  Adam adam(net->parameters(), {.learning_rate = 0.01});
  double policy_loss = 0, value_loss = 0;
  for (int step = 0; step < 300; ++step) {
    adam.zero_grad();
    const PolicyValue result = net->forward(x);
    const Variable cross_entropy = softmax_cross_entropy(result.policy_logits, policy);
    const Variable error = mean_squared_error(result.value, value);
    add(cross_entropy, error).backward();
    adam.step();
    policy_loss = cross_entropy.value().item();
    value_loss = error.value().item();
  }
  CHECK(policy_loss < 0.05);
  CHECK(value_loss < 0.01);
}

TEST_CASE("An ownership head leaves policy and value and their plan as they are", "[nets]") {
  Rng rng(6), same(6);
  const std::string spec = GENERATE(as<std::string>(), "resnet:blocks=1,channels=8",
                                    "mobile:blocks=1,channels=8", "densenet:layers=2,growth=4");
  const auto two = make_net(spec, kTiny, rng),
             three = make_net(spec + ",ownership=true", kTiny, same);
  CHECK_FALSE(two->has_ownership());
  REQUIRE(three->has_ownership());
  const Variable x(uniform_floats({4, 3, 2, 2}, rng));
  const PolicyValue without = two->forward(x), with = three->forward(x);
  CHECK_FALSE(without.ownership_logits.defined());
  CHECK(with.ownership_logits.shape() == Shape{4, 3, 2});
  CHECK(std::ranges::equal(without.policy_logits.value().values<float>(),
                           with.policy_logits.value().values<float>()));
  CHECK(std::ranges::equal(without.value.value().values<float>(),
                           with.value.value().values<float>()));
  CHECK(two->graph().ops.size() == three->graph().ops.size());
}

TEST_CASE("A net depends on its seed alone", "[nets]") {
  Rng a(4), b(4), c(5);
  const auto same = [&](PolicyValueNet& x, PolicyValueNet& y) {
    const auto first = x.parameters()[0].variable.value(),
               second = y.parameters()[0].variable.value();
    return std::ranges::equal(first.values<float>(), second.values<float>());
  };
  const auto first = make_net("mlp", kTiny, a), second = make_net("mlp", kTiny, b);
  CHECK(same(*first, *second));
  CHECK_FALSE(same(*first, *make_net("mlp", kTiny, c)));
}
