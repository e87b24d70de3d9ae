#include "engine/layers/dropout.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_shape.hpp"
#include "engine/layers/drop_connect.hpp"
#include "engine/layers/linear.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;

TEST_CASE("Dropout keeps the expectation", "[layers][C19]") {
  // Each element is 0 or 1 / .7 with mean 1 and variance .3 / .7.
  Dropout layer(0.3, Rng(1));
  const Tensor y = layer.forward(Variable(Tensor::full({100000}, 1, DType::f64))).value();
  double mean = 0;
  for (double v : y.values<double>()) {
    REQUIRE((v == 0 || v == Approx(1 / 0.7)));
    mean += v / 100000;
  }
  CHECK(mean == Approx(1).margin(5 * std::sqrt(0.3 / 0.7 / 100000)));
}

TEST_CASE("The gradient of dropout is its mask", "[layers][C19]") {
  Rng rng(2);
  Dropout layer(0.5, Rng(3));
  const Variable x(Tensor::full({50}, 1, DType::f64), true);
  const Variable y = layer.forward(x);
  sum(y).backward();
  CHECK(relative_difference(x.grad(), y.value()) == 0);  // the input is 1, so y is the mask
}

TEST_CASE("Dropout draws a new mask each time and the same ones from the same seed",
          "[layers][C19]") {
  Dropout a(0.5, Rng(4)), b(0.5, Rng(4));
  const Variable x(Tensor::full({200}, 1));
  const Tensor first = a.forward(x).value(), second = a.forward(x).value();
  CHECK(relative_difference(first, second) > 0);
  CHECK(relative_difference(b.forward(x).value(), first) == 0);
  CHECK(relative_difference(b.forward(x).value(), second) == 0);
}

TEST_CASE("Dropout is the identity in evaluation", "[layers][C19]") {
  Dropout layer(0.9, Rng(5));
  layer.eval();
  const Tensor x = Tensor::full({10}, 3);
  CHECK(layer.forward(Variable(x)).value().shares_storage_with(x));
  CHECK_THROWS_AS(Dropout(1.0, Rng(5)), std::invalid_argument);
  CHECK_THROWS_AS(Dropout(-0.1, Rng(5)), std::invalid_argument);
}

TEST_CASE("DropConnect drops weights of all rows alike and keeps the bias", "[layers][C20]") {
  Rng rng(6);
  DropConnect layer(4, 3, 0.5, rng);
  layer.parameters()[0].variable.value().fill(1);
  layer.parameters()[1].variable.value().fill(10);
  // The rows of the identity read the masked weights off, two copies of them.
  Tensor x = Tensor::zeros({8, 4});
  for (std::size_t i = 0; i < 8; ++i) x.values<float>()[i * 4 + i % 4] = 1;
  const Variable y = layer.forward(Variable(x));
  int dropped = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    const float value = y.value().values<float>()[i];
    CHECK((value == 10 || value == 12));
    CHECK(y.value().values<float>()[12 + i] == value);
    dropped += value == 10;
  }
  CHECK(dropped > 0);
  CHECK(dropped < 12);
  sum(y).backward();  // only kept weights learn
  const auto grad = layer.parameters()[0].variable.grad().values<float>();
  for (std::size_t unit = 0; unit < 3; ++unit)
    for (std::size_t input = 0; input < 4; ++input)
      CHECK((grad[unit * 4 + input] == 0) == (y.value().values<float>()[input * 3 + unit] == 10));
}

TEST_CASE("The expectation of DropConnect is its evaluation", "[layers][C20]") {
  Rng rng(7);
  DropConnect layer(20, 2, 0.3, rng);
  const Variable x(random_tensor({1, 20}, rng));
  double mean = 0, square = 0;
  constexpr int kDraws = 4000;
  for (int i = 0; i < kDraws; ++i) {
    const double y = layer.forward(x).value().values<float>()[0];
    mean += y / kDraws;
    square += y * y / kDraws;
  }
  layer.eval();
  const double error = std::sqrt((square - mean * mean) / kDraws);
  CHECK(mean == Approx(layer.forward(x).value().values<float>()[0]).margin(5 * error));
}

TEST_CASE("DropConnect in evaluation is a Linear layer and passes the gradient check",
          "[layers][gradient][C20]") {
  Rng rng(8);
  DropConnect layer(4, 3, 0.5, rng);
  layer.eval();
  Linear linear(4, 3, rng);
  for (int i : {0, 1})
    linear.parameters()[std::size_t(i)].variable.value().copy_from(
        layer.parameters()[std::size_t(i)].variable.value());
  const Tensor x = random_tensor({5, 4}, rng);
  CHECK(relative_difference(layer.forward(Variable(x)).value(),
                            linear.forward(Variable(x)).value()) == 0);
  check_layer_gradients(layer, uniform_doubles({5, 4}, rng));
}
