#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_softmax.hpp"
#include "engine/losses/l2_penalty.hpp"
#include "engine/losses/mean_squared_error.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
#include "tests/support/gradient_check.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

/// Rows that sum to 1.
Tensor random_distributions(const Shape& shape, Rng& rng) {
  return softmax(Variable(uniform_doubles(shape, rng, -2, 2))).value();
}

}  // namespace

TEST_CASE("Cross entropy against a one-hot target is minus the log of its probability",
          "[losses][B13]") {
  // Probabilities .1 .05 .6 0 .05 .1 0 .1 0 0 with a tiny floor, as logits.
  Tensor logits({1, 10}, DType::f64), target = Tensor::zeros({1, 10}, DType::f64);
  const double p[] = {.1, .05, .6, 1e-12, .05, .1, 1e-12, .1, 1e-12, 1e-12};
  for (int i = 0; i < 10; ++i) logits.values<double>()[i] = std::log(p[i]) + 100;
  target.values<double>()[2] = 1;
  CHECK(softmax_cross_entropy(Variable(logits), target).value().item() ==
        Approx(0.510825623765991));
  target = Tensor::zeros({1, 10}, DType::f64);
  target.values<double>()[0] = 1;
  CHECK(softmax_cross_entropy(Variable(logits), target).value().item() ==
        Approx(2.302585092994046));
}

TEST_CASE("The gradient of cross entropy is softmax minus target over the batch size",
          "[losses][B15]") {
  Rng rng(1);
  const Variable logits(uniform_doubles({3, 4}, rng, -2, 2), true);
  const Tensor target = random_distributions({3, 4}, rng);
  softmax_cross_entropy(logits, target).backward();
  const Tensor probability = softmax(logits).value();
  for (int i = 0; i < 12; ++i) {
    const double expected = (probability.values<double>()[i] - target.values<double>()[i]) / 3;
    CHECK(logits.grad().values<double>()[i] == Approx(expected).margin(1e-15));
  }
}

TEST_CASE("Cross entropy of equal distributions is their entropy", "[losses]") {
  Rng rng(2);
  const Tensor target = random_distributions({5, 6}, rng);
  double entropy = 0;
  Tensor logits(target.shape(), DType::f64);
  for (int i = 0; i < 30; ++i) {
    const double p = target.values<double>()[i];
    entropy -= p * std::log(p) / 5;
    logits.values<double>()[i] = std::log(p) + 3;
  }
  CHECK(softmax_cross_entropy(Variable(logits), target).value().item() == Approx(entropy));
}

TEST_CASE("Mean squared error averages over all elements", "[losses][B12]") {
  const Variable prediction(Tensor::from<float>({2, 2}, {1, 2, 3, 4}));
  const Tensor target = Tensor::from<float>({2, 2}, {1, 0, 0, 4});
  CHECK(mean_squared_error(prediction, target).value().item() == Approx(13.0 / 4));
}

TEST_CASE("The L2 penalty is the coefficient times the sum of squares", "[losses][D11]") {
  const std::vector<NamedParameter> parameters{
      {"a", Variable(Tensor::from<double>({2}, {1, -2}), true)},
      {"b", Variable(Tensor::from<double>({1, 1}, {3}), true)}};
  const Variable penalty = l2_penalty(parameters, 0.5);
  CHECK(penalty.value().item() == Approx(7));
  penalty.backward();
  CHECK(parameters[0].variable.grad().values<double>()[1] == Approx(-2));
  CHECK(parameters[1].variable.grad().item() == Approx(3));
}

TEST_CASE("Every loss passes the gradient check", "[losses][gradient]") {
  Rng rng(3);
  const Tensor x = uniform_doubles({3, 4}, rng), target = random_distributions({3, 4}, rng);
  using Inputs = std::vector<Variable>;
  check_gradients([&](const Inputs& v) { return softmax_cross_entropy(v[0], target); }, {x});
  check_gradients([&](const Inputs& v) { return mean_squared_error(v[0], target); }, {x});
  check_gradients(
      [&](const Inputs& v) {
        return l2_penalty(std::vector<NamedParameter>{{"a", v[0]}, {"b", v[1]}}, 0.1);
      },
      {x, uniform_doubles({5}, rng)});
}

TEST_CASE("Losses reject targets of another shape", "[losses]") {
  const Variable x(Tensor::zeros({2, 3}));
  CHECK_THROWS_AS(softmax_cross_entropy(x, Tensor::zeros({3})), std::invalid_argument);
  CHECK_THROWS_AS(mean_squared_error(x, Tensor::zeros({3})), std::invalid_argument);
  CHECK_THROWS_AS(l2_penalty({}, 1.0), std::invalid_argument);
}
