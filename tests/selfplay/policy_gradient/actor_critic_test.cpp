#include "selfplay/policy_gradient/actor_critic.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/init/initializers.hpp"

namespace tengen::selfplay {
namespace {

using envs::rl::Space;

constexpr int kInputs = 3, kSteps = 6;

std::unique_ptr<ActorCritic> make_net(const std::string& memory, const Distribution& d) {
  Rng rng(7);
  ActorCriticShape shape{
      .inputs = kInputs, .hidden = 8, .memory = memory, .memory_units = 6, .memory_window = 3};
  return make_actor_critic(shape, d, rng);
}

/// Gradients of the sum of squares of all outputs.
std::vector<Tensor> gradients(ActorCritic& net, const std::vector<PolicyOutput>& outputs) {
  net.zero_grad();
  for (const PolicyOutput& out : outputs)
    add(sum(square(out.parameters)), sum(square(out.values))).backward();
  std::vector<Tensor> result;
  for (const NamedParameter& parameter : net.parameters())
    result.push_back(parameter.variable.grad());
  return result;
}

void check_equal(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  for (std::int64_t i = 0; i < a.size(); ++i)
    CHECK(a.values<float>()[i] == Approx(b.values<float>()[i]).margin(1e-5));
}

/// Sequence `n` of two, time-major.
Variable sequence(const Tensor& both, int n, int first, int last) {
  Tensor rows({last - first, kInputs});
  for (int t = first; t < last; ++t)
    rows.rows(t - first, t - first + 1).copy_from(both.rows(2 * t + n, 2 * t + n + 1));
  return Variable(rows);
}

}  // namespace

TEST_CASE("Acting gives the outputs of the forward pass", "[selfplay][pg]") {
  const auto d = Distribution::make(Space::box(-1, 1, {2}), false);
  Rng rng(1);
  for (const std::string& memory : policy_memories()) {
    const auto net = make_net(memory, *d);
    const Tensor x = random_normal({4, kInputs}, 1, rng);
    const std::int64_t size = std::max<std::int64_t>(net->state_size(), 1);
    Tensor state = random_normal({4, size}, 1, rng);
    const PolicyOutput out = net->forward({Variable(x), 1, 4, state.clone(), {}});
    Tensor parameters({4, d->parameters()}), values({4, 1});
    net->prepare();
    net->act(x.values<float>(), 4, state, parameters.values<float>(), values.values<float>());
    check_equal(parameters, out.parameters.value());
    check_equal(values, out.values.value());
    if (net->state_size() > 0) check_equal(state, out.state.value());
  }
}

TEST_CASE("A recurrent minibatch has the gradient of its episodes one by one", "[selfplay][pg]") {
  const auto d = Distribution::make(Space::discrete(2), false);
  Rng rng(2);
  const Tensor x = random_normal({2 * kSteps, kInputs}, 1, rng);
  for (const std::string& memory : policy_memories()) {
    if (memory == "none") continue;
    const auto net = make_net(memory, *d);
    const std::int64_t size = net->state_size();
    const Tensor state = random_normal({2, size}, 1, rng);
    // Sequence 0 goes on all the time; in sequence 1 an episode starts at step 4.
    std::vector<std::uint8_t> starts(2 * kSteps);
    starts[2 * 4 + 1] = 1;
    const auto together = gradients(*net, {net->forward({Variable(x), kSteps, 2, state, starts})});
    const auto apart = gradients(
        *net,
        {net->forward({sequence(x, 0, 0, kSteps), kSteps, 1, state.rows(0, 1), {}}),
         net->forward({sequence(x, 1, 0, 4), 4, 1, state.rows(1, 2), {}}),
         net->forward({sequence(x, 1, 4, kSteps), kSteps - 4, 1, Tensor::zeros({1, size}), {}})});
    for (std::size_t i = 0; i < apart.size(); ++i) check_equal(together[i], apart[i]);
  }
}

}  // namespace tengen::selfplay
