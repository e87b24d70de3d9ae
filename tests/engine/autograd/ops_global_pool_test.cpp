#include "engine/autograd/ops_global_pool.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "engine/autograd/ops_pool.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;
using kernels::Pool2dParams;

TEST_CASE("Global pooling equals one window over the whole image", "[autograd][C14]") {
  Rng rng(1);
  const Variable x(random_tensor({3, 5, 5, 4}, rng));
  const auto window = [&](Pool2dParams::Kind kind) {
    return pool2d(x, {.kind = kind, .kernel = 5, .stride = 5}).value().reshape({3, 4});
  };
  CHECK(relative_difference(global_average_pool(x).value(), window(Pool2dParams::Kind::average)) <
        1e-5);
  CHECK(relative_difference(global_max_pool(x).value(), window(Pool2dParams::Kind::max)) == 0);
}

TEST_CASE("Global pooling passes the gradient check on images that are not square",
          "[autograd][gradient][C14]") {
  Rng rng(2);
  std::vector<double> values(2 * 3 * 4 * 2);
  std::iota(values.begin(), values.end(), -20.0);
  rng.shuffle(std::span(values));
  const Tensor x = Tensor::from({2, 3, 4, 2}, std::span<const double>(values));
  check_gradients([](const std::vector<Variable>& v) { return global_average_pool(v[0]); }, {x});
  check_gradients([](const std::vector<Variable>& v) { return global_max_pool(v[0]); }, {x});
}

TEST_CASE("Global max pooling sends the gradient to the first maximum", "[autograd][C14]") {
  const Variable x(Tensor::from<float>({1, 1, 3, 1}, {2, 7, 7}), true);
  sum(global_max_pool(x)).backward();
  CHECK(x.grad().values<float>()[0] == 0);
  CHECK(x.grad().values<float>()[1] == 1);
  CHECK(x.grad().values<float>()[2] == 0);
}

TEST_CASE("Global pooling of no positions is rejected", "[autograd][C14]") {
  CHECK_THROWS_AS(global_average_pool(Variable(Tensor::zeros({2, 0, 3, 4}))),
                  std::invalid_argument);
  CHECK_THROWS_AS(global_max_pool(Variable(Tensor::zeros({2, 4}))), std::invalid_argument);
}
