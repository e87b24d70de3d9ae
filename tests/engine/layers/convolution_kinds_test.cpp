// What the options of a convolution mean: sizes, pointwise, depthwise, transposed, pooled.
#include <catch2/catch.hpp>

#include "engine/autograd/ops_conv.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_pool.hpp"
#include "engine/layers/conv2d.hpp"
#include "engine/layers/conv_transpose2d.hpp"
#include "engine/layers/group_norm.hpp"
#include "engine/layers/local_response_norm.hpp"
#include "engine/layers/pool2d.hpp"
#include "engine/layers/sequential.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;
using kernels::Conv2dParams;
using kernels::Pool2dParams;

namespace {

/// Channel c of x [N, H, W, C], as [N, H, W, 1].
Tensor channel(const Tensor& x, std::int64_t c) {
  Tensor result({x.dim(0), x.dim(1), x.dim(2), 1}, x.dtype());
  for (std::int64_t i = 0; i < result.size(); ++i)
    result.values<double>()[std::size_t(i)] = x.values<double>()[std::size_t(i * x.dim(3) + c)];
  return result;
}

}  // namespace

TEST_CASE("The size of a convolution is its formula rounded down", "[layers][C12]") {
  CHECK(kernels::conv_output_size(5, 3, {.stride = 2, .padding = 1}) == 3);
  CHECK(kernels::conv_output_size(28, 5, {.stride = 3, .padding = 2}) == 10);  // 27 / 3 + 1
  CHECK(kernels::conv_output_size(31, 5, {.stride = 3, .padding = 2}) == 11);
  CHECK(kernels::conv_output_size(7, 5, {}) == 3);
  CHECK(kernels::conv_output_size(4, 3, {.stride = 2}) == 1);  // 1.5, rounded down
  const Variable x(Tensor::zeros({1, 5, 5, 1})), weight(Tensor::zeros({1, 3, 3, 1}));
  CHECK(conv2d(x, weight, Variable(), {.stride = 2, .padding = 1}).shape() == Shape{1, 3, 3, 1});
}

TEST_CASE("A pointwise convolution is one matrix product for every pixel", "[layers][C17][C18]") {
  Rng rng(1);
  const Variable x(random_tensor({2, 3, 4, 5}, rng, DType::f64));
  const Variable weight(random_tensor({6, 1, 1, 5}, rng, DType::f64));
  const Tensor y = conv2d(x, weight, Variable()).value();
  const Variable rows(x.value().reshape({24, 5})), matrix(weight.value().reshape({6, 5}));
  CHECK(relative_difference(y.reshape({24, 6}), matmul(rows, matrix, false, true).value()) < 1e-13);
}

TEST_CASE("A depthwise convolution filters each channel by itself", "[layers][C17]") {
  Rng rng(2);
  const Tensor x = random_tensor({2, 5, 4, 3}, rng, DType::f64);
  const Tensor weight = random_tensor({3, 3, 3, 1}, rng, DType::f64);
  const Tensor y =
      conv2d(Variable(x), Variable(weight), Variable(), {.padding = 1, .groups = 3}).value();
  for (std::int64_t c = 0; c < 3; ++c) {
    const Tensor filter =
        Tensor::from<double>({1, 3, 3, 1}, weight.values<double>().subspan(std::size_t(c) * 9, 9));
    const Tensor alone =
        conv2d(Variable(channel(x, c)), Variable(filter), Variable(), {.padding = 1}).value();
    CHECK(relative_difference(channel(y, c), alone) < 1e-13);
  }
}

TEST_CASE("Depthwise and pointwise weights are a fraction of those of a full convolution",
          "[layers][C17]") {
  // Per pixel each weight is one multiply-add, so the ratio 1 / M + 1 / K^2 is that of both.
  Rng rng(3);
  constexpr std::int64_t in = 12, out = 20, kernel = 3;
  const Conv2d full({.in_channels = in, .out_channels = out, .kernel = kernel}, rng);
  const Conv2d depthwise({.in_channels = in, .out_channels = in, .kernel = kernel, .groups = in},
                         rng);
  const Conv2d pointwise({.in_channels = in, .out_channels = out, .kernel = 1}, rng);
  CHECK(depthwise.num_parameters() == kernel * kernel * in);
  CHECK(pointwise.num_parameters() == in * out);
  CHECK(double(depthwise.num_parameters() + pointwise.num_parameters()) /
            double(full.num_parameters()) ==
        Approx(1.0 / out + 1.0 / (kernel * kernel)));
}

TEST_CASE("Depthwise and dilated Conv2d layers pass the gradient check",
          "[layers][gradient][C16][C17]") {
  Rng rng(4);
  Conv2d depthwise({.in_channels = 3, .out_channels = 6, .groups = 3, .bias = true}, rng);
  check_layer_gradients(depthwise, uniform_doubles({2, 4, 3, 3}, rng));
  Conv2d dilated({.in_channels = 2, .out_channels = 2, .dilation = 2}, rng);
  check_layer_gradients(dilated, uniform_doubles({1, 5, 6, 2}, rng));
}

TEST_CASE("A transposed convolution layer undoes the shrinking of a strided one", "[layers][C15]") {
  Rng rng(5);
  Conv2d down({.in_channels = 3, .out_channels = 6, .kernel = 4, .stride = 2, .padding = 1}, rng);
  ConvTranspose2d up({.in_channels = 6, .out_channels = 3, .kernel = 4, .stride = 2, .padding = 1},
                     rng);
  const Variable x(Tensor::zeros({2, 8, 10, 3}));
  CHECK(up.forward(down.forward(x)).shape() == x.shape());
  CHECK(up.num_parameters() == 6 * 4 * 4 * 3 + 3);
}

TEST_CASE("A transposed convolution layer keeps the variance at its initial weights",
          "[layers][C15]") {
  Rng rng(6);
  ConvTranspose2d layer({.in_channels = 64, .out_channels = 32, .kernel = 4, .stride = 2}, rng);
  const Tensor y = layer.forward(Variable(random_tensor({4, 8, 8, 64}, rng))).value();
  CHECK(dot(y, y) / double(y.size()) == Approx(2).epsilon(0.25));  // He: twice, for a ReLU
}

TEST_CASE("Layers without dense weights pass the gradient check", "[layers][gradient][C14][C22]") {
  Rng rng(7);
  ConvTranspose2d transposed({.in_channels = 2, .out_channels = 3, .kernel = 3}, rng);
  Pool2d average({.kind = Pool2dParams::Kind::average});
  GlobalPool global(Pool2dParams::Kind::average);
  GroupNorm group(2, 1);
  InstanceNorm instance(2);
  LayerNorm layer_norm(2, 0.1);
  LocalResponseNorm response;
  for (Layer* layer : std::initializer_list<Layer*>{&transposed, &average, &global, &group,
                                                    &instance, &layer_norm, &response}) {
    check_layer_gradients(*layer, uniform_doubles({2, 4, 4, 2}, rng));
  }
}

TEST_CASE("Pooling keeps the channels apart and has no parameters", "[layers][C14]") {
  Rng rng(8);
  Pool2d layer({});
  CHECK(layer.num_parameters() == 0);
  const Tensor x = random_tensor({2, 6, 4, 3}, rng, DType::f64);
  const Tensor y = layer.forward(Variable(x)).value();
  REQUIRE(y.shape() == Shape{2, 3, 2, 3});
  for (std::int64_t c = 0; c < 3; ++c)
    CHECK(relative_difference(channel(y, c), layer.forward(Variable(channel(x, c))).value()) == 0);
}

TEST_CASE("Pooled before its bias and ReLU a convolution is what it is pooled behind them",
          "[layers][gradient][C14]") {
  Rng rng(10);
  const auto [kernel, stride] = GENERATE(table<int, int>({{2, 2}, {3, 1}}));
  const Pool2dParams pool{.kernel = kernel, .stride = stride};
  Conv2d layer({.in_channels = 2, .out_channels = 3, .bias = true}, rng);
  layer.to(DType::f64);
  Variable bias = layer.parameters()[1].variable;
  bias.value().copy_from(uniform_doubles({3}, rng));
  const Tensor x = uniform_doubles({2, 6, 4, 2}, rng);
  const Variable early = layer.forward_relu_pool(Variable(x), pool);
  const Variable late = pool2d(relu(layer.forward(Variable(x))), pool);
  CHECK(relative_difference(early.value(), late.value()) < 1e-15);
  CHECK(std::ranges::count(late.value().values<double>(), 0) > 0);  // the ReLU has work
  check_module_gradients(
      layer, [&](const Variable& input) { return layer.forward_relu_pool(input, pool); }, x);
  CHECK_THROWS_AS(layer.forward_relu_pool(Variable(x), {.kind = Pool2dParams::Kind::average}),
                  std::invalid_argument);
}

TEST_CASE("A convolution of bf16 images is pooled with its bias", "[layers][bf16]") {
  Rng rng(11);
  Conv2d layer({.in_channels = 1, .out_channels = 4, .bias = true}, rng);
  layer.parameters()[1].variable.value().fill(0.5);
  const Tensor x = random_tensor({2, 4, 4, 1}, rng, DType::f32);
  const Variable y = layer.forward_relu_pool(Variable(x.to(DType::bf16)), {});
  CHECK(y.dtype() == DType::bf16);
  CHECK(relative_difference(y.value().to(DType::f32),
                            layer.forward_relu_pool(Variable(x), {}).value()) < 0.02);
}

TEST_CASE("Norms of single examples work in training on a batch of one", "[layers][C22]") {
  Rng rng(9);
  GroupNorm group(4, 2);
  const Tensor x = random_tensor({1, 3, 3, 4}, rng);
  const Tensor trained = group.forward(Variable(x)).value();
  group.eval();
  CHECK(relative_difference(group.forward(Variable(x)).value(), trained) == 0);
  CHECK_THROWS_AS(GroupNorm(4, 3), std::invalid_argument);
  CHECK_THROWS_AS(LayerNorm(4, 0), std::invalid_argument);
}
