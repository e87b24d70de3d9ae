#include "engine/autograd/ops_im2col.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_conv.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;
using kernels::Conv2dParams;

namespace {

struct Case {
  int kernel;
  Conv2dParams params;
};
std::vector<Case> cases() {
  return {{1, {}},
          {3, {}},
          {3, {.padding = 1}},
          {3, {.stride = 2, .padding = 1}},
          {2, {.stride = 2}},
          {3, {.padding = 2, .dilation = 2}}};
}

}  // namespace

TEST_CASE("The patches of a small image laid out by hand", "[autograd][C11]") {
  const Variable x(Tensor::from<float>({1, 2, 3, 1}, {1, 2, 3, 4, 5, 6}));
  const Variable columns = im2col(x, 2);
  REQUIRE(columns.shape() == Shape{2, 4});
  const auto values = columns.value().values<float>();
  CHECK(std::vector<float>(values.begin(), values.end()) ==
        std::vector<float>{1, 2, 4, 5, 2, 3, 5, 6});
}

TEST_CASE("col2im is the adjoint of im2col", "[autograd][C11]") {
  Rng rng(1);
  const Shape image{2, 6, 5, 3};
  for (const Case& c : cases()) {
    const Tensor x = random_tensor(image, rng, DType::f64);
    const Variable columns = im2col(Variable(x), c.kernel, c.params);
    const Tensor other = random_tensor(columns.shape(), rng, DType::f64);
    const Variable back = col2im(Variable(other), image, c.kernel, c.params);
    CHECK(dot(columns.value(), other) == Approx(dot(x, back.value())).epsilon(1e-12));
  }
}

TEST_CASE("A convolution is the product of patches and filters", "[autograd][C11][C13]") {
  // Filters are [out, height, width, in]: the rows of the second factor, transposed.
  Rng rng(2);
  for (const Case& c : cases()) {
    const Variable x(random_tensor({2, 6, 5, 3}, rng, DType::f64));
    const Variable weight(random_tensor({4, c.kernel, c.kernel, 3}, rng, DType::f64));
    const Tensor y = conv2d(x, weight, Variable(), c.params).value();
    const Tensor filters = weight.value().reshape({4, c.kernel * c.kernel * 3});
    const Tensor product =
        matmul(im2col(x, c.kernel, c.params), Variable(filters), false, true).value();
    CHECK(relative_difference(product.reshape(y.shape()), y) < 1e-13);
  }
}

TEST_CASE("im2col and col2im pass the gradient check", "[autograd][gradient][C11]") {
  Rng rng(3);
  const Conv2dParams params{.stride = 2, .padding = 1};
  const Shape image{1, 4, 3, 2};
  check_gradients([&](const std::vector<Variable>& v) { return im2col(v[0], 3, params); },
                  {uniform_doubles(image, rng)});
  check_gradients([&](const std::vector<Variable>& v) { return col2im(v[0], image, 3, params); },
                  {uniform_doubles({4, 18}, rng)});
}

TEST_CASE("Columns that do not belong to the image are rejected", "[autograd][C11]") {
  const Variable columns(Tensor::zeros({4, 17}));
  CHECK_THROWS_AS(col2im(columns, {1, 4, 3, 2}, 3, {.stride = 2, .padding = 1}),
                  std::invalid_argument);
  CHECK_THROWS_AS(im2col(columns, 3), std::invalid_argument);
}
