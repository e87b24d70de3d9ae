#include "engine/layers/wavenet.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_slice.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

WavenetOptions small() {
  return {.in_channels = 2, .out_channels = 3, .channels = 3, .skip_channels = 4, .layers = 3};
}

}  // namespace

TEST_CASE("A WaveNet stack passes the gradient check", "[layers][wavenet][gradient][C16]") {
  Rng rng(1);
  Wavenet net(small(), rng);
  net.to(DType::f64);  // biases of zero would put dead units on the kink of the next ReLU
  for (NamedParameter& parameter : net.parameters())
    if (parameter.name.ends_with("bias"))
      parameter.variable.value().copy_from(random_away_from_zero(parameter.variable.shape(), rng));
  check_layer_gradients(net, uniform_doubles({2, 5, 2}, rng));
}

TEST_CASE("An output of a WaveNet depends on its receptive field to the bit",
          "[layers][wavenet][C16]") {
  const int kernel = GENERATE(2, 3), stacks = GENERATE(1, 2);
  WavenetOptions options = small();
  options.kernel = kernel;
  options.skip_channels = 32;  // so that some are alive behind every ReLU
  options.stacks = stacks;
  Rng rng(2);
  Wavenet net(options, rng);
  const std::int64_t field = 1 + (kernel - 1) * (1 + stacks * (1 + 2 + 4));
  CHECK(net.receptive_field() == field);
  const std::int64_t steps = field + 5, changed = 2;
  const Tensor x = random_tensor({1, steps, 2}, rng);
  Tensor other = x.clone();
  for (float& value :
       other.rows(0, 1).reshape({steps, 2}).rows(changed, changed + 1).values<float>())
    value += 1;
  const Tensor before = net.forward(Variable(x)).value();
  const Tensor after = net.forward(Variable(other)).value();
  for (std::int64_t t = 0; t < steps; ++t) {
    bool same = true;
    for (std::int64_t c = 0; c < 3; ++c) {
      const auto at = static_cast<std::size_t>(t * 3 + c);
      same = same && before.values<float>()[at] == after.values<float>()[at];
    }
    INFO(t);
    CHECK(same == (t < changed || t >= changed + field));
  }
}

TEST_CASE("One WaveNet layer by hand", "[layers][wavenet][C16]") {
  Rng rng(3);
  WavenetLayer layer({.channels = 1, .skip_channels = 1}, 2, false, rng);
  for (NamedParameter& parameter : layer.parameters())
    parameter.variable.value().fill(parameter.name.ends_with("weight") ? 0.5 : 0.25);
  const Variable x(Tensor::from<float>({1, 3, 1}, {1, -2, 3}));
  const WavenetLayer::Output output = layer.forward(x);
  const double sums[] = {0.5 * 1 + 0.25, 0.5 * -2 + 0.25, 0.5 * (1 + 3) + 0.25};
  for (std::size_t t = 0; t < 3; ++t) {
    const double z = std::tanh(sums[t]) / (1 + std::exp(-sums[t]));
    CHECK(output.skip.value().values<float>()[t] == Approx(0.5 * z + 0.25).epsilon(1e-6));
    CHECK(output.x.value().values<float>()[t] ==
          Approx(x.value().values<float>()[t] + 0.5 * z + 0.25).epsilon(1e-6));
  }
}

TEST_CASE("A WaveNet without a stack is refused", "[layers][wavenet]") {
  Rng rng(4);
  WavenetOptions options = small();
  options.layers = 0;
  CHECK_THROWS_WITH(Wavenet(options, rng), Catch::Contains("[Wavenet] expected a kernel"));
}
