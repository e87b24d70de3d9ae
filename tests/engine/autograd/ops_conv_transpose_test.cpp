#include "engine/autograd/ops_conv_transpose.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_conv.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;
using kernels::Conv2dParams;

namespace {

/// The definition in words: stride - 1 zeros between the pixels, a border of kernel - 1 - padding,
/// and a plain convolution with the flipped kernel. One input and one output channel.
Tensor by_zero_insertion(const Tensor& x, const Tensor& weight, const Conv2dParams& params) {
  const std::int64_t n = x.dim(1), k = weight.dim(1), spread = params.stride * (n - 1) + 1;
  const std::int64_t border = k - 1 - params.padding, size = spread + 2 * border;
  Tensor image = Tensor::zeros({1, size, size, 1}, DType::f64), flipped(weight.shape(), DType::f64);
  for (std::int64_t i = 0; i < n * n; ++i) {
    const std::int64_t row = border + params.stride * (i / n),
                       column = border + params.stride * (i % n);
    image.values<double>()[std::size_t(row * size + column)] = x.values<double>()[std::size_t(i)];
  }
  std::ranges::reverse_copy(weight.values<double>(), flipped.values<double>().begin());
  return conv2d(Variable(image), Variable(flipped), Variable()).value();
}

}  // namespace

TEST_CASE("A transposed convolution inserts zeros and convolves with the flipped kernel",
          "[autograd][C15]") {
  Rng rng(1);
  for (int kernel : {2, 3, 4})
    for (int stride : {1, 2, 3})
      for (int padding : {0, 1}) {
        const Conv2dParams params{.stride = stride, .padding = padding};
        const Tensor x = random_tensor({1, 4, 4, 1}, rng, DType::f64);
        const Tensor weight = random_tensor({1, kernel, kernel, 1}, rng, DType::f64);
        const Tensor y =
            conv_transpose2d(Variable(x), Variable(weight), Variable(), params).value();
        CHECK(y.dim(1) == stride * (4 - 1) + kernel - 2 * padding);
        CHECK(relative_difference(y, by_zero_insertion(x, weight, params)) < 1e-13);
      }
}

TEST_CASE("A transposed convolution is the adjoint of the convolution", "[autograd][C15]") {
  Rng rng(2);
  for (const Conv2dParams& params :
       {Conv2dParams{}, Conv2dParams{.stride = 2, .padding = 1},
        Conv2dParams{.padding = 2, .dilation = 2}, Conv2dParams{.padding = 1, .groups = 2}}) {
    const Tensor image = random_tensor({2, 7, 9, 4}, rng, DType::f64);
    const Variable weight(random_tensor({6, 3, 3, 4 / params.groups}, rng, DType::f64));
    const Tensor small = conv2d(Variable(image), weight, Variable(), params).value();
    const Tensor other = random_tensor(small.shape(), rng, DType::f64);
    const Tensor large = conv_transpose2d(Variable(other), weight, Variable(), params).value();
    REQUIRE(large.shape() == image.shape());
    CHECK(dot(small, other) == Approx(dot(image, large)).epsilon(1e-12));
  }
}

TEST_CASE("Output padding reaches the image sizes that a stride skips", "[autograd][C15]") {
  // Images of 7 and of 8 both shrink to 4 with stride 2.
  const Variable x(Tensor::zeros({1, 4, 4, 1})), weight(Tensor::zeros({1, 3, 3, 1}));
  const Conv2dParams params{.stride = 2, .padding = 1};
  CHECK(conv_transpose2d(x, weight, Variable(), params).shape() == Shape{1, 7, 7, 1});
  CHECK(conv_transpose2d(x, weight, Variable(), params, 1).shape() == Shape{1, 8, 8, 1});
  CHECK_THROWS_AS(conv_transpose2d(x, weight, Variable(), params, 2), std::invalid_argument);
}

TEST_CASE("A transposed convolution passes the gradient check", "[autograd][gradient][C15]") {
  Rng rng(3);
  for (const Conv2dParams& params :
       {Conv2dParams{.stride = 2, .padding = 1}, Conv2dParams{.padding = 1, .dilation = 2},
        Conv2dParams{.stride = 2, .groups = 2}})
    check_gradients(
        [&](const std::vector<Variable>& v) { return conv_transpose2d(v[0], v[1], v[2], params); },
        {uniform_doubles({2, 3, 4, 4}, rng), uniform_doubles({4, 3, 3, 2}, rng),
         uniform_doubles({2 * params.groups}, rng)});
}

TEST_CASE("A transposed convolution in float agrees with double", "[autograd][C15]") {
  Rng rng(4);
  const Tensor x = random_tensor({3, 7, 7, 16}, rng), weight = random_tensor({16, 4, 4, 8}, rng);
  const Conv2dParams params{.stride = 2, .padding = 1};
  const Tensor fast = conv_transpose2d(Variable(x), Variable(weight), Variable(), params).value();
  const Tensor slow = conv_transpose2d(Variable(x.to(DType::f64)), Variable(weight.to(DType::f64)),
                                       Variable(), params)
                          .value();
  CHECK(relative_difference(fast, slow) < 1e-5);
}
