#include "engine/layers/conv1d.hpp"

#include <catch2/catch.hpp>

#include "engine/layers/sequential.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

/// WaveNet's stack: causal, dilations 1, 2, 4, 8.
void add_causal_stack(Sequential& net, int channels, int kernel, Rng& rng) {
  for (int dilation : {1, 2, 4, 8})
    net.emplace<Conv1d>(Conv1dOptions{.in_channels = channels,
                                      .out_channels = channels,
                                      .kernel = kernel,
                                      .dilation = dilation,
                                      .causal = true},
                        rng);
}

/// How many of the outputs change when input `t` does.
std::pair<int, int> first_and_last_change(Sequential& net, const Tensor& x, std::size_t t) {
  Tensor changed = x.clone();
  changed.values<double>()[t] += 1;
  const Tensor a = net.forward(Variable(x)).value(), b = net.forward(Variable(changed)).value();
  int first = -1, last = -1;
  for (int i = 0; i < int(a.size()); ++i)
    if (a.values<double>()[std::size_t(i)] != b.values<double>()[std::size_t(i)]) {
      if (first < 0) first = i;
      last = i;
    }
  return {first, last};
}

}  // namespace

TEST_CASE("A convolution over time worked by hand", "[layers][C16]") {
  Rng rng(1);
  Conv1d plain({.kernel = 3}, rng), causal({.kernel = 2, .dilation = 2, .causal = true}, rng);
  plain.parameters()[0].variable.value().copy_from(Tensor::from<float>({1, 3, 1}, {1, 10, 100}));
  causal.parameters()[0].variable.value().copy_from(Tensor::from<float>({1, 2, 1}, {10, 1}));
  const Variable x(Tensor::from<float>({1, 4, 1}, {1, 2, 3, 4}));
  const auto values = [&](Conv1d& layer) {
    const Tensor y = layer.forward(x).value();
    return std::vector<float>(y.values<float>().begin(), y.values<float>().end());
  };
  CHECK(values(plain) == std::vector<float>{210, 321, 432, 43});
  CHECK(values(causal) == std::vector<float>{1, 2, 13, 24});
}

TEST_CASE("A causal dilated stack sees exactly its receptive field and never the future",
          "[layers][C16]") {
  // 1 + (kernel - 1) (1 + 2 + 4 + 8): 16 steps for kernel 2, 31 for kernel 3.
  const int kernel = GENERATE(2, 3);
  Rng rng(2);
  Sequential net;
  add_causal_stack(net, 1, kernel, rng);
  for (const NamedParameter& parameter : net.parameters()) {
    Variable variable = parameter.variable;
    variable.value().fill(1);  // no weight hides a path
  }
  net.to(DType::f64);
  const auto [first, last] =
      first_and_last_change(net, random_tensor({1, 50, 1}, rng, DType::f64), 7);
  CHECK(first == 7);
  CHECK(last == 7 + (kernel - 1) * 15);
}

TEST_CASE("Convolutions over time pass the gradient check", "[layers][gradient][C16]") {
  Rng rng(3);
  const Conv1dOptions options =
      GENERATE(Conv1dOptions{}, Conv1dOptions{.dilation = 2, .causal = true},
               Conv1dOptions{.stride = 2, .padding = 1, .groups = 2, .bias = false});
  Conv1dOptions wide = options;
  wide.in_channels = 2;
  wide.out_channels = 4;
  Conv1d layer(wide, rng);
  check_layer_gradients(layer, uniform_doubles({2, 7, 2}, rng));
}

TEST_CASE("A convolution over time refuses options that contradict each other", "[layers]") {
  Rng rng(4);
  CHECK_THROWS_AS(Conv1d({.padding = 1, .causal = true}, rng), std::invalid_argument);
  CHECK_THROWS_AS(Conv1d({.kernel = 2}, rng), std::invalid_argument);
  CHECK_THROWS_AS(Conv1d({.in_channels = 3, .groups = 2}, rng), std::invalid_argument);
  Conv1d layer({}, rng);
  CHECK_THROWS_AS(layer.forward(Variable(Tensor::zeros({4, 1}))), std::invalid_argument);
}
