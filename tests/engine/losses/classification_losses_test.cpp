#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_embedding.hpp"
#include "engine/autograd/ops_softmax.hpp"
#include "engine/losses/binary_cross_entropy.hpp"
#include "engine/losses/cross_entropy.hpp"
#include "engine/losses/kl_divergence.hpp"
#include "engine/losses/masked_cross_entropy.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
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

Tensor random_distributions(const Shape& shape, Rng& rng) {
  return softmax(Variable(uniform_doubles(shape, rng, -2, 2))).value();
}

/// [T, N] = [3, 2]: the second sequence ends after one step.
Tensor padded_labels() { return Tensor::from<std::int32_t>({3, 2}, {0, 3, 2, -1, 1, -1}); }

}  // namespace

TEST_CASE("Cross entropy of probabilities of 0.6 and 0.1 at the label", "[losses][B13]") {
  const Tensor good = row({.1, .05, .6, 0, .05, .1, 0, .1, 0, 0});
  const Tensor bad = row({.1, .05, .1, 0, .05, .1, 0, .6, 0, 0});
  CHECK(cross_entropy(Variable(good), kTwo).value().item() ==
        Approx(0.510825457099338).epsilon(1e-14));
  CHECK(cross_entropy(Variable(bad), kTwo).value().item() ==
        Approx(2.302584092994546).epsilon(1e-14));
}

TEST_CASE("Cross entropy is a mean over the batch in both directions", "[losses][B13]") {
  Rng rng(1);
  const Tensor p = random_distributions({1, 4}, rng), t = random_distributions({1, 4}, rng);
  Tensor p3({3, 4}, DType::f64), t3({3, 4}, DType::f64);
  for (std::size_t i = 0; i < 12; ++i) {
    p3.values<double>()[i] = p.values<double>()[i % 4];
    t3.values<double>()[i] = t.values<double>()[i % 4];
  }
  const Variable once(p, true), thrice(p3, true);
  const Variable loss = cross_entropy(once, t), same = cross_entropy(thrice, t3);
  CHECK(same.value().item() == Approx(loss.value().item()).epsilon(1e-14));
  loss.backward();
  same.backward();
  for (std::size_t i = 0; i < 12; ++i)
    CHECK(3 * thrice.grad().values<double>()[i] ==
          Approx(once.grad().values<double>()[i % 4]).epsilon(1e-13));
}

TEST_CASE("A sigmoid output with binary cross entropy is a Bernoulli likelihood", "[losses][B14]") {
  const Tensor logits = row({-2, 0.3, 1.5}), target = row({0, 1, 0});
  double expected = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double y = 1 / (1 + std::exp(-logits.values<double>()[i]));
    expected -= std::log(target.values<double>()[i] == 1 ? y : 1 - y) / 3;
  }
  CHECK(binary_cross_entropy(Variable(logits), target).value().item() ==
        Approx(expected).epsilon(1e-14));
}

TEST_CASE("The gradient of binary cross entropy is output minus target over the number",
          "[losses][B14]") {
  const Variable x(row({-2, 0.3, 1.5, 0}), true);
  const Tensor target = row({0, 1, 0.25, 0.5});
  binary_cross_entropy(x, target).backward();
  const Tensor y = sigmoid(x).value();
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(x.grad().values<double>()[i] ==
          Approx((y.values<double>()[i] - target.values<double>()[i]) / 4).margin(1e-16));
}

TEST_CASE("Weights count the elements of binary cross entropy", "[losses][B14]") {
  const Tensor logits = row({-2, 0.3, 1.5, 0}), target = row({0, 1, 0.25, 0.5});
  const auto of = [&](const Tensor& weights) {
    return weighted_binary_cross_entropy(Variable(logits), target, weights).value().item();
  };
  CHECK(of(row({0.25, 0.25, 0.25, 0.25})) ==
        Approx(binary_cross_entropy(Variable(logits), target).value().item()).epsilon(1e-14));
  CHECK(of(row({0, 3, 0, 0})) == Approx(3 * std::log(1 + std::exp(-0.3))).epsilon(1e-14));
  CHECK(of(row({0, 0, 0, 0})) == 0);
  CHECK_THROWS_AS(of(row({1, 1})), std::invalid_argument);
}

TEST_CASE("Binary cross entropy stays finite for logits of 10000", "[losses][B14]") {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Variable x(row({10000, -10000}).to(dtype), true);
    const Variable right = binary_cross_entropy(x, row({1, 0}).to(dtype));
    const Variable wrong = binary_cross_entropy(x, row({0, 1}).to(dtype));
    CHECK(right.value().item() == 0);
    CHECK(wrong.value().item() == 10000);
    wrong.backward();
    CHECK(x.grad().to(DType::f64).values<double>()[0] == 0.5);
    CHECK(x.grad().to(DType::f64).values<double>()[1] == -0.5);
  }
}

TEST_CASE("Masked cross entropy without ignored labels is that of one-hot targets",
          "[losses][B15]") {
  Rng rng(2);
  const Tensor logits = uniform_doubles({4, 5}, rng, -2, 2);
  const Tensor labels = Tensor::from<std::int32_t>({4}, {0, 4, 2, 2});
  CHECK(
      masked_cross_entropy(Variable(logits), labels).value().item() ==
      Approx(softmax_cross_entropy(Variable(logits), one_hot(labels, 5, DType::f64)).value().item())
          .epsilon(1e-14));
}

TEST_CASE("A sequence's loss is the mean over its steps that count", "[losses][C26]") {
  Rng rng(3);
  const Variable logits(uniform_doubles({3, 2, 4}, rng, -2, 2), true);
  const Variable loss = masked_cross_entropy(logits, padded_labels());
  // Steps (0, 0), (0, 1), (1, 0), (2, 0): rows 0, 1, 2 and 4.
  double expected = 0;
  for (auto [step, label] : {std::pair{0, 0}, {1, 3}, {2, 2}, {4, 1}}) {
    const Tensor alone = Tensor::from<double>(
        {1, 4}, logits.value().values<double>().subspan(std::size_t(step) * 4, 4));
    const Tensor one = Tensor::from<std::int32_t>({1}, {label});
    expected += masked_cross_entropy(Variable(alone), one).value().item() / 4;
  }
  CHECK(loss.value().item() == Approx(expected).epsilon(1e-14));
  loss.backward();
  const Tensor y = softmax(logits).value();
  for (std::size_t i = 0; i < 24; ++i) {
    const std::size_t step = i / 4;
    const std::int32_t label = padded_labels().values<std::int32_t>()[step];
    const double hot = label == std::int32_t(i % 4) ? 1 : 0;
    const double gradient = label < 0 ? 0 : (y.values<double>()[i] - hot) / 4;
    CHECK(logits.grad().values<double>()[i] == Approx(gradient).margin(1e-16));
  }
}

TEST_CASE("A masked loss needs a label that counts and labels that exist", "[losses][C26]") {
  const Variable logits(Tensor::zeros({2, 3}));
  const auto labels = [](std::int32_t a, std::int32_t b) {
    return Tensor::from<std::int32_t>({2}, {a, b});
  };
  CHECK_THROWS_AS(masked_cross_entropy(logits, labels(-1, -1)), std::invalid_argument);
  CHECK_THROWS_AS(masked_cross_entropy(logits, labels(0, 3)), std::invalid_argument);
  CHECK_THROWS_AS(masked_cross_entropy(logits, padded_labels()), std::invalid_argument);
}

TEST_CASE("Label smoothing mixes the target with the uniform distribution", "[losses][B17]") {
  const Tensor smooth = smooth_labels(row({0, 1, 0, 0}), 0.2);
  const auto values = smooth.values<double>();
  CHECK(values[0] == Approx(0.05));
  CHECK(values[1] == Approx(0.85));
  CHECK(values[0] + values[1] + values[2] + values[3] == Approx(1));
  CHECK(relative_difference(smooth_labels(kTwo, 0), kTwo) == 0);
  const Tensor uniform = smooth_labels(kTwo, 1);
  for (double v : uniform.values<double>()) CHECK(v == Approx(0.1));
  CHECK_THROWS_AS(smooth_labels(kTwo, 1.5), std::invalid_argument);
}

TEST_CASE("The best logits under label smoothing are finite", "[losses][B17]") {
  // At log t' the gradient softmax - t' vanishes; a hard target has no such point.
  const Tensor target = smooth_labels(row({0, 1, 0, 0}), 0.2);
  const Variable logits(log(Variable(target)).value(), true);
  softmax_cross_entropy(logits, target).backward();
  for (double g : logits.grad().values<double>()) CHECK(g == Approx(0).margin(1e-15));
}

TEST_CASE("The divergence is zero between equal distributions and positive otherwise",
          "[losses][B13]") {
  Rng rng(4);
  const Tensor p = random_distributions({3, 5}, rng), q = random_distributions({3, 5}, rng);
  const auto logits = [](const Tensor& probabilities) { return log(Variable(probabilities)); };
  CHECK(kl_divergence(logits(p), p).value().item() == Approx(0).margin(1e-14));
  double expected = 0;
  for (std::size_t i = 0; i < 15; ++i)
    expected += p.values<double>()[i] * std::log(p.values<double>()[i] / q.values<double>()[i]) / 3;
  CHECK(expected > 0);
  CHECK(kl_divergence(logits(q), p).value().item() == Approx(expected).epsilon(1e-12));
  // A zero probability in the target adds nothing.
  CHECK(kl_divergence(Variable(row({0, 0})), row({1, 0})).value().item() == Approx(std::log(2)));
}

TEST_CASE("Classification losses pass the gradient check",
          "[losses][gradient][B13][B14][B15][B17]") {
  Rng rng(5);
  const Tensor x = uniform_doubles({3, 4}, rng, -2, 2), p = random_distributions({3, 4}, rng);
  const Tensor t = random_distributions({3, 4}, rng);
  check_gradients([&](const Inputs& v) { return cross_entropy(v[0], t); }, {p});
  check_gradients([&](const Inputs& v) { return kl_divergence(v[0], t); }, {x});
  check_gradients([&](const Inputs& v) { return binary_cross_entropy(v[0], t); }, {x});
  check_gradients([&](const Inputs& v) { return weighted_binary_cross_entropy(v[0], t, p); }, {x});
  check_gradients(
      [&](const Inputs& v) { return softmax_cross_entropy(v[0], smooth_labels(t, 0.1)); }, {x});
  check_gradients([&](const Inputs& v) { return masked_cross_entropy(v[0], padded_labels()); },
                  {uniform_doubles({3, 2, 4}, rng)});
}

TEST_CASE("Classification losses reject targets of another shape", "[losses]") {
  const Variable x(Tensor::zeros({2, 3}));
  CHECK_THROWS_AS(cross_entropy(x, Tensor::zeros({3})), std::invalid_argument);
  CHECK_THROWS_AS(kl_divergence(x, Tensor::zeros({3})), std::invalid_argument);
  CHECK_THROWS_AS(binary_cross_entropy(x, Tensor::zeros({3})), std::invalid_argument);
}
