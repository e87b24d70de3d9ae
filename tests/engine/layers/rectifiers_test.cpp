#include "engine/layers/rectifiers.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/autograd/ops_shape.hpp"
#include "engine/layers/activation.hpp"
#include "engine/layers/maxout.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;

TEST_CASE("Randomized ReLU draws its slopes in training and uses their mean in evaluation",
          "[layers][B7]") {
  RandomizedRelu layer(Rng(1), 0.1, 0.3);
  const Variable x(Tensor::full({20000}, -1, DType::f64), true);
  const Variable y = layer.forward(x);
  double mean = 0;
  for (double v : y.value().values<double>()) {
    REQUIRE(-v >= 0.1 - 1e-7);
    REQUIRE(-v <= 0.3 + 1e-7);
    mean -= v / 20000;
  }
  CHECK(mean == Approx(0.2).margin(5 * 0.2 / std::sqrt(12 * 20000.0)));
  sum(y).backward();  // the slope that was drawn is the derivative
  CHECK(std::ranges::equal(x.grad().values<double>(), y.value().values<double>(), {},
                           [](double g) { return -g; }));
  layer.eval();
  CHECK(layer.forward(x).value().values<double>()[0] == Approx(-0.2));
  CHECK_THROWS_AS(RandomizedRelu(Rng(1), 0.3, 0.1), std::invalid_argument);
}

TEST_CASE("Parametric ReLU starts as a leaky ReLU with one slope per channel", "[layers][B7]") {
  Rng rng(2);
  ParametricRelu parametric(3, 0.25);
  LeakyRelu leaky(0.25);
  CHECK(parametric.num_parameters() == 3);
  const Variable x(random_tensor({5, 3}, rng));
  CHECK(relative_difference(parametric.forward(x).value(), leaky.forward(x).value()) == 0);
}

TEST_CASE("Activation layers pass the gradient check", "[layers][gradient][B7]") {
  Rng rng(3);
  const Tensor x = random_away_from_zero({4, 3}, rng);
  LeakyRelu leaky;
  ParametricRelu parametric(3);
  RandomizedRelu randomized{Rng(4)};
  randomized.eval();
  Gelu gelu_layer;
  Silu silu_layer;
  Identity identity;
  Softmax softmax_layer;
  LogSoftmax log_softmax_layer;
  for (Layer* layer :
       std::initializer_list<Layer*>{&leaky, &parametric, &randomized, &gelu_layer, &silu_layer,
                                     &identity, &softmax_layer, &log_softmax_layer})
    check_layer_gradients(*layer, x);
}

TEST_CASE("The identity output is its input", "[layers][B9]") {
  const Tensor x = Tensor::from<float>({3}, {-1, 0, 2});
  CHECK(Identity().forward(Variable(x)).value().shares_storage_with(x));
}

TEST_CASE("Maxout with two pieces reproduces ReLU and the absolute value exactly", "[layers][B8]") {
  Rng rng(5);
  Maxout layer(1, 1, 2, rng);
  Tensor weight = layer.parameters()[0].variable.value();
  const Tensor x = Tensor::from<float>({4, 1}, {-1.3f, 0, 0.7f, 2});
  const auto values = [&] {
    const Tensor y = layer.forward(Variable(x)).value();
    return std::vector<float>(y.values<float>().begin(), y.values<float>().end());
  };
  weight.copy_from(Tensor::from<float>({2, 1}, {1, 0}));
  CHECK(values() == std::vector<float>{0, 0, 0.7f, 2});
  weight.copy_from(Tensor::from<float>({2, 1}, {1, -1}));
  CHECK(values() == std::vector<float>{1.3f, 0, 0.7f, 2});
}

TEST_CASE("Maxout passes the gradient check", "[layers][gradient][B8]") {
  Rng rng(6);
  Maxout layer(4, 3, 3, rng);
  check_layer_gradients(layer, uniform_doubles({5, 4}, rng));
  CHECK_THROWS_AS(Maxout(4, 3, 0, rng), std::invalid_argument);
}
