#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "engine/losses/half_squared_error.hpp"
#include "engine/losses/mean_squared_error.hpp"
#include "engine/losses/smooth_l1.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;
using Inputs = std::vector<Variable>;

namespace {

Tensor row(std::initializer_list<double> xs) {
  return Tensor::from(Shape{1, std::int64_t(xs.size())}, xs);
}
const Tensor kTwo = row({0, 0, 1, 0, 0, 0, 0, 0, 0, 0});  // the label 2

}  // namespace

TEST_CASE("Half the squared error of a good and of a bad guess", "[losses][B11]") {
  const Tensor good = row({.1, .05, .6, 0, .05, .1, 0, .1, 0, 0});
  const Tensor bad = row({.1, .05, .1, 0, .05, .1, 0, .6, 0, 0});
  const Tensor worse = row({.1, .05, .1, 0, .5, .1, 0, .6, .5, 0});
  CHECK(half_squared_error(Variable(good), kTwo).value().item() == Approx(0.0975).epsilon(1e-14));
  CHECK(half_squared_error(Variable(bad), kTwo).value().item() == Approx(0.5975).epsilon(1e-14));
  CHECK(half_squared_error(Variable(worse), kTwo).value().item() == Approx(0.84625).epsilon(1e-14));
}

TEST_CASE("The gradient of half the squared error is prediction minus target", "[losses][B11]") {
  Rng rng(1);
  const Variable x(uniform_doubles({3, 4}, rng), true);
  const Tensor target = uniform_doubles({3, 4}, rng);
  half_squared_error(x, target).backward();
  for (std::size_t i = 0; i < 12; ++i)
    CHECK(x.grad().values<double>()[i] ==
          Approx(x.value().values<double>()[i] - target.values<double>()[i]).margin(1e-15));
}

TEST_CASE("Squared errors are the likelihood of a Gaussian output unit", "[losses][B12]") {
  // -log N(t | y, 1) = (y - t)^2 / 2 + log(2 pi) / 2 for each of the n elements.
  Rng rng(2);
  const Tensor y = uniform_doubles({2, 3}, rng), t = uniform_doubles({2, 3}, rng);
  double likelihood = 1;
  for (std::size_t i = 0; i < 6; ++i) {
    const double d = y.values<double>()[i] - t.values<double>()[i];
    likelihood *= std::exp(-d * d / 2) / std::sqrt(2 * std::numbers::pi);
  }
  const double constant = 6 * std::log(2 * std::numbers::pi) / 2;
  CHECK(half_squared_error(Variable(y), t).value().item() ==
        Approx(-std::log(likelihood) - constant).epsilon(1e-12));
  CHECK(mean_squared_error(Variable(y), t).value().item() ==
        Approx(2 * (-std::log(likelihood) - constant) / 6).epsilon(1e-12));
}

TEST_CASE("Smooth L1 is quadratic within its width and linear beyond", "[losses][B16]") {
  const auto loss = [](double d, double beta) {
    return smooth_l1(Variable(row({3 + d})), row({3}), beta).value().item();
  };
  CHECK(loss(0.5, 1) == Approx(0.125));
  CHECK(loss(-0.5, 1) == Approx(0.125));
  CHECK(loss(1, 1) == Approx(0.5));  // both branches
  CHECK(loss(-4, 1) == Approx(3.5));
  CHECK(loss(1, 4) == Approx(0.125));
  CHECK(loss(6, 4) == Approx(4));
}

TEST_CASE("The pull of an outlier on smooth L1 is bounded", "[losses][B16]") {
  const Variable x(row({1000, -1000, 0.25, 0}), true);
  smooth_l1(x, row({0, 0, 0, 0}), 0.5).backward();
  const auto grad = x.grad().values<double>();
  CHECK(std::vector<double>(grad.begin(), grad.end()) == std::vector<double>{.25, -.25, .125, 0});
}

TEST_CASE("Regression losses pass the gradient check", "[losses][gradient][B11][B16]") {
  Rng rng(3);
  const Tensor x = row({-3, -0.7, 0.2, 0.9, 2.5}), target = row({0, 0.1, 0, -0.5, 1});
  check_gradients([&](const Inputs& v) { return half_squared_error(v[0], target); }, {x});
  check_gradients([&](const Inputs& v) { return smooth_l1(v[0], target, 1.2); }, {x});
}

TEST_CASE("Regression losses reject what does not fit", "[losses]") {
  const Variable x(row({1, 2}));
  CHECK_THROWS_AS(half_squared_error(x, row({1})), std::invalid_argument);
  CHECK_THROWS_AS(smooth_l1(x, row({1})), std::invalid_argument);
  CHECK_THROWS_AS(smooth_l1(x, row({1, 2}), 0), std::invalid_argument);
}
