#include "engine/autograd/ops_activation.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/ops_softmax.hpp"
#include "tests/support/gradient_check.hpp"

using namespace tengen;
using namespace tengen::test;
using Inputs = std::vector<Variable>;

namespace {

double at(const Variable& y, std::size_t i) { return y.value().values<double>()[i]; }
Variable doubles(std::initializer_list<double> xs) {
  return Variable(Tensor::from(Shape{std::int64_t(xs.size())}, xs), true);
}

}  // namespace

TEST_CASE("The step function is 1 above zero and 0 elsewhere without a gradient",
          "[autograd][B3]") {
  const Variable x = doubles({-2, 0, 1e-300, 3}), y = step(x);
  CHECK(at(y, 0) == 0);
  CHECK(at(y, 1) == 0);
  CHECK(at(y, 2) == 1);
  CHECK(at(y, 3) == 1);
  sum(y).backward();
  for (double g : x.grad().values<double>()) CHECK(g == 0);
}

TEST_CASE("The sigmoid is one half at zero with slope one quarter", "[autograd][B4]") {
  const Variable x = doubles({0, 1, -40, 40}), y = sigmoid(x);
  CHECK(at(y, 0) == 0.5);
  CHECK(at(y, 1) == Approx(1 / (1 + std::exp(-1.0))).epsilon(1e-14));
  CHECK(at(y, 2) == Approx(std::exp(-40.0)).epsilon(1e-12));
  sum(y).backward();
  CHECK(x.grad().values<double>()[0] == 0.25);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(x.grad().values<double>()[i] == Approx(at(y, i) * (1 - at(y, i))).margin(1e-18));
    CHECK(x.grad().values<double>()[i] <= 0.25);
  }
}

TEST_CASE("The slope of tanh is one over the squared hyperbolic cosine", "[autograd][B5]") {
  const Variable x = doubles({-2, -0.3, 0, 0.5, 3}), y = tanh(x);
  sum(y).backward();
  for (std::size_t i = 0; i < 5; ++i) {
    const double v = x.value().values<double>()[i], cosh = std::cosh(v);
    CHECK(at(y, i) == Approx((std::exp(v) - std::exp(-v)) / (std::exp(v) + std::exp(-v))));
    CHECK(x.grad().values<double>()[i] == Approx(1 / (cosh * cosh)));
  }
}

TEST_CASE("Leaky ReLU scales what is not positive by its slope", "[autograd][B7]") {
  const Variable x = doubles({-2, 0, 3}), y = leaky_relu(x, 0.1);
  CHECK(at(y, 0) == Approx(-0.2));
  CHECK(at(y, 2) == 3);
  sum(y).backward();
  CHECK(x.grad().values<double>()[0] == 0.1);
  CHECK(x.grad().values<double>()[1] == 0.1);
  CHECK(x.grad().values<double>()[2] == 1);
}

TEST_CASE("The rectifiers pass the gradient check with respect to their slopes",
          "[autograd][gradient][B7]") {
  Rng rng(1);
  const Tensor x = random_away_from_zero({4, 3}, rng);
  check_gradients([](const Inputs& v) { return leaky_relu(v[0], 0.2); }, {x});
  check_gradients([](const Inputs& v) { return prelu(v[0], v[1]); },
                  {x, uniform_doubles({3}, rng)});
  check_gradients([](const Inputs& v) { return prelu(v[0], v[1]); },
                  {x, uniform_doubles({4, 3}, rng)});
}

TEST_CASE("The maximum of a row reproduces ReLU and the absolute value exactly", "[autograd][B8]") {
  const Variable relu_pairs(Tensor::from<double>({3, 2}, {-2, 0, 0, 0, 1.7, 0}));
  const Variable abs_pairs(Tensor::from<double>({3, 2}, {-2, 2, 0, 0, 1.7, -1.7}));
  const Variable x = doubles({-2, 0, 1.7});
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(at(max_last_axis(relu_pairs), i) == at(relu(x), i));
    CHECK(at(max_last_axis(abs_pairs), i) == at(absolute(x), i));
  }
}

TEST_CASE("The gradient of a row's maximum goes to the first that has it", "[autograd][B8]") {
  const Variable x(Tensor::from<double>({2, 3}, {1, 5, 5, 4, 2, 3}), true);
  sum(max_last_axis(x)).backward();
  const auto grad = x.grad().values<double>();
  CHECK(std::vector<double>(grad.begin(), grad.end()) == std::vector<double>{0, 1, 0, 1, 0, 0});
  CHECK_THROWS_AS(max_last_axis(sum(x)), std::invalid_argument);
}

TEST_CASE("GELU and SiLU have their published values", "[autograd]") {
  const Variable x = doubles({-1, 0, 1, 2});
  CHECK(at(gelu(x), 0) == Approx(-0.15865525393145707));  // -Phi(-1)
  CHECK(at(gelu(x), 1) == 0);
  CHECK(at(gelu(x), 3) == Approx(1.9544997361036416));  // 2 Phi(2)
  CHECK(at(silu(x), 2) == Approx(0.7310585786300049));  // the sigmoid of 1
}

TEST_CASE("Smooth activations and the absolute value pass the gradient check",
          "[autograd][gradient]") {
  Rng rng(2);
  const Tensor x = random_away_from_zero({5, 3}, rng);
  check_gradients([](const Inputs& v) { return gelu(v[0]); }, {x});
  check_gradients([](const Inputs& v) { return silu(v[0]); }, {x});
  check_gradients([](const Inputs& v) { return absolute(v[0]); }, {x});
  check_gradients([](const Inputs& v) { return max_last_axis(v[0]); }, {x});
}

TEST_CASE("Softmax rows sum to 1 each and do not change with a shift", "[autograd][B10]") {
  Rng rng(3);
  const Tensor x = uniform_doubles({4, 5}, rng, -3, 3);
  const Variable y = softmax(Variable(x));
  // A different shift for every row: a maximum over the whole batch would not do.
  Tensor shifted = x.clone();
  for (std::size_t i = 0; i < 20; ++i) shifted.values<double>()[i] += 10000 * double(i / 5) - 20000;
  const Variable z = softmax(Variable(shifted));
  for (std::size_t row = 0; row < 4; ++row) {
    double total = 0;
    for (std::size_t i = row * 5; i < row * 5 + 5; ++i) {
      total += at(y, i);
      CHECK(at(z, i) == Approx(at(y, i)).epsilon(1e-10));
    }
    CHECK(total == Approx(1).epsilon(1e-14));
  }
}

TEST_CASE("Softmax of logits of 10000 does not overflow", "[autograd][B10]") {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Tensor x = Tensor::from<double>({2, 2}, {10000, 9999, -10000, 10000}).to(dtype);
    const Variable y(softmax(Variable(x)).value().to(DType::f64));
    CHECK(at(y, 0) == Approx(1 / (1 + std::exp(-1.0))).epsilon(1e-6));
    CHECK(at(y, 2) == 0);
    CHECK(at(y, 3) == 1);
  }
}
