// Forward values of the ops that are more than one kernel call.
#include <catch2/catch.hpp>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/ops_softmax.hpp"

using namespace tengen;

TEST_CASE("Sum over the last axis adds each row", "[autograd]") {
  const Variable x(Tensor::from<double>({2, 3}, {1, 2, 3, 10, 20, 30}));
  const Variable y = sum_last_axis(x);
  REQUIRE(y.shape() == Shape{2});
  CHECK(y.value().values<double>()[0] == Approx(6));
  CHECK(y.value().values<double>()[1] == Approx(60));
  CHECK_THROWS_AS(sum_last_axis(sum(x)), std::invalid_argument);
}

TEST_CASE("Mean divides the sum by the number of elements", "[autograd]") {
  const Variable x(Tensor::from<float>({2, 2}, {1, 2, 3, 6}));
  CHECK(sum(x).value().item() == Approx(12));
  CHECK(mean(x).value().item() == Approx(3));
}

TEST_CASE("Log softmax stays finite for logits of 10000", "[autograd][B10]") {
  const Variable y = log_softmax(Variable(Tensor::from<float>({1, 3}, {10000, 0, 10000})));
  const std::span<const float> values = y.value().values<float>();
  CHECK(values[0] == Approx(-0.6931472));
  CHECK(values[1] == Approx(-10000.6931472));
}

TEST_CASE("The gradient of ReLU at zero is zero", "[autograd][B6]") {
  const Variable x(Tensor::from<double>({3}, {-1, 0, 2}), true);
  sum(relu(x)).backward();
  CHECK(x.grad().values<double>()[0] == 0);
  CHECK(x.grad().values<double>()[1] == 0);
  CHECK(x.grad().values<double>()[2] == 1);
}
