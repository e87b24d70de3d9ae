#include <catch2/catch.hpp>

#include "engine/layers/activation.hpp"
#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv2d.hpp"
#include "engine/layers/flatten.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/residual.hpp"
#include "engine/layers/sequential.hpp"
#include "tests/support/gradient_check.hpp"

using namespace tengen;
using namespace tengen::test;

TEST_CASE("Linear multiplies by the transposed weight and adds the bias", "[layers][C8]") {
  Rng rng(1);
  Linear layer(2, 3, rng);
  auto parameters = layer.parameters();
  parameters[0].variable.value().copy_from(Tensor::from<float>({3, 2}, {1, 2, 3, 4, 5, 6}));
  parameters[1].variable.value().copy_from(Tensor::from<float>({3}, {10, 20, 30}));
  const Variable y = layer.forward(Variable(Tensor::from<float>({1, 2}, {1, -1})));
  REQUIRE(y.shape() == Shape{1, 3});
  CHECK(y.value().values<float>()[0] == Approx(9));
  CHECK(y.value().values<float>()[1] == Approx(19));
  CHECK(y.value().values<float>()[2] == Approx(29));
}

TEST_CASE("Conv2d keeps the image size with its default padding", "[layers][C12]") {
  Rng rng(2);
  for (int kernel : {1, 3, 5}) {
    Conv2d layer({.in_channels = 2, .out_channels = 4, .kernel = kernel}, rng);
    CHECK(layer.forward(Variable(Tensor::zeros({2, 7, 6, 2}))).shape() == Shape{2, 7, 6, 4});
    CHECK(layer.num_parameters() == 2 * 4 * kernel * kernel);
  }
}

TEST_CASE("Conv2d rejects groups that do not divide and same padding of even kernels", "[layers]") {
  Rng rng(3);
  CHECK_THROWS_AS(Conv2d({.in_channels = 3, .out_channels = 4, .groups = 2}, rng),
                  std::invalid_argument);
  CHECK_THROWS_AS(Conv2d({.kernel = 2}, rng), std::invalid_argument);
}

TEST_CASE("Every layer passes the gradient check", "[layers][gradient]") {
  Rng rng(4);
  Linear linear(3, 4, rng), xavier(3, 4, rng, Linear::Init::xavier);
  check_layer_gradients(linear, uniform_doubles({5, 3}, rng));
  check_layer_gradients(xavier, uniform_doubles({5, 3}, rng));
  Conv2d conv({.in_channels = 4, .out_channels = 2, .groups = 2, .bias = true}, rng);
  check_layer_gradients(conv, uniform_doubles({2, 4, 3, 4}, rng));
  Relu relu_layer;
  check_layer_gradients(relu_layer, random_away_from_zero({3, 4}, rng));
  Tanh tanh_layer;
  check_layer_gradients(tanh_layer, uniform_doubles({3, 4}, rng));
  Sigmoid sigmoid_layer;
  check_layer_gradients(sigmoid_layer, uniform_doubles({3, 4}, rng));
  Flatten flatten;
  check_layer_gradients(flatten, uniform_doubles({2, 2, 3, 2}, rng));
}

TEST_CASE("BatchNorm passes the gradient check in both modes", "[layers][gradient]") {
  Rng rng(5);
  BatchNorm norm(3);
  const Tensor x = uniform_doubles({2, 2, 3, 3}, rng);
  check_layer_gradients(norm, x);
  norm.eval();
  check_layer_gradients(norm, x);
}

TEST_CASE("Sequential and Residual pass the gradient check", "[layers][gradient]") {
  Rng rng(6);
  auto body = std::make_unique<Sequential>();
  body->emplace<Linear>(4, 6, rng);
  body->emplace<Tanh>();
  body->emplace<Linear>(6, 4, rng);
  Residual residual(std::move(body));
  check_layer_gradients(residual, uniform_doubles({3, 4}, rng));
}

TEST_CASE("Residual is the identity when the last layer of its body is zero", "[layers]") {
  Rng rng(7);
  auto body = std::make_unique<Linear>(3, 3, rng);
  body->parameters()[0].variable.value().fill(0);
  Residual residual(std::move(body));
  const Tensor x = Tensor::from<float>({1, 3}, {1, -2, 3});
  const Variable y = residual.forward(Variable(x));
  CHECK(std::ranges::equal(y.value().values<float>(), x.values<float>()));
}

TEST_CASE("Residual rejects a body that changes the shape", "[layers]") {
  Rng rng(8);
  Residual residual(std::make_unique<Linear>(3, 1, rng));
  CHECK_THROWS_AS(residual.forward(Variable(Tensor::zeros({1, 3}))), std::invalid_argument);
}

TEST_CASE("Flatten keeps the channels fastest", "[layers]") {
  const Tensor x = Tensor::from<float>({1, 1, 2, 3}, {0, 1, 2, 3, 4, 5});
  const Variable y = Flatten().forward(Variable(x));
  REQUIRE(y.shape() == Shape{1, 6});
  CHECK(y.value().values<float>()[3] == 3);
}
