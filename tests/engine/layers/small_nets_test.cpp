// Whole nets small enough to check by hand or element by element.
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/init/initializers.hpp"
#include "engine/layers/activation.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/sequential.hpp"
#include "engine/losses/mean_squared_error.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
#include "engine/optim/sgd.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

void set(Linear& layer, std::initializer_list<float> weight, std::initializer_list<float> bias) {
  auto parameters = layer.parameters();
  parameters[0].variable.value().copy_from(
      Tensor::from(parameters[0].variable.shape(), std::span(weight.begin(), weight.size())));
  parameters[1].variable.value().copy_from(
      Tensor::from(parameters[1].variable.shape(), std::span(bias.begin(), bias.size())));
}

/// 2-50-50-10-1 with ReLU; weights 0.1 N(0, 1).
void build_regressor(Sequential& net, Rng& rng) {
  const std::int64_t widths[] = {2, 50, 50, 10, 1};
  for (int i = 0; i < 4; ++i) {
    Linear& layer = net.emplace<Linear>(widths[i], widths[i + 1], rng);
    layer.parameters()[0].variable.value().copy_from(
        random_normal({widths[i + 1], widths[i]}, 0.1, rng));
    if (i < 3) net.emplace<Relu>();
  }
  net.to(DType::f64);
}

/// Rows [first, last) of a matrix.
Tensor rows(const Tensor& x, std::int64_t first, std::int64_t last) {
  const std::int64_t width = x.dim(1);
  return Tensor::from(
      Shape{last - first, width},
      x.values<double>().subspan(std::size_t(first * width), std::size_t((last - first) * width)));
}

}  // namespace

TEST_CASE("A net of three layers computes what its scalars say", "[layers][C9]") {
  Rng rng(1);
  Sequential net;
  set(net.emplace<Linear>(2, 3, rng), {.1f, .2f, .3f, .4f, .5f, .6f}, {.1f, .2f, .3f});
  net.emplace<Sigmoid>();
  set(net.emplace<Linear>(3, 2, rng), {.1f, .2f, .3f, .4f, .5f, .6f}, {.1f, .2f});
  net.emplace<Sigmoid>();
  set(net.emplace<Linear>(2, 2, rng), {.1f, .2f, .3f, .4f}, {.1f, .2f});
  const Tensor y = net.forward(Variable(Tensor::from<float>({1, 2}, {1, .5f}))).value();

  const auto unit = [](double sum) { return 1 / (1 + std::exp(-sum)); };
  const double a1 = unit(.1 * 1 + .2 * .5 + .1), a2 = unit(.3 * 1 + .4 * .5 + .2);
  const double a3 = unit(.5 * 1 + .6 * .5 + .3);
  const double b1 = unit(.1 * a1 + .2 * a2 + .3 * a3 + .1);
  const double b2 = unit(.4 * a1 + .5 * a2 + .6 * a3 + .2);
  CHECK(y.values<float>()[0] == Approx(.1 * b1 + .2 * b2 + .1).epsilon(1e-6));
  CHECK(y.values<float>()[1] == Approx(.3 * b1 + .4 * b2 + .2).epsilon(1e-6));
  CHECK(y.values<float>()[0] == Approx(0.31682708).epsilon(1e-6));
  CHECK(y.values<float>()[1] == Approx(0.69627909).epsilon(1e-6));
}

TEST_CASE("The gradients of an affine layer are the three products of its rule", "[layers][C8]") {
  Rng rng(2);
  Linear layer(3, 4, rng);
  layer.to(DType::f64);
  const Variable x(uniform_doubles({5, 3}, rng), true), dy(uniform_doubles({5, 4}, rng));
  sum(multiply(layer.forward(x), dy)).backward();
  const auto parameters = layer.parameters();
  const Variable weight(parameters[0].variable.value());  // [out, in]: W transposed
  CHECK(relative_difference(x.grad(), matmul(dy, weight).value()) < 1e-14);
  CHECK(relative_difference(parameters[0].variable.grad(), matmul(dy, x, true, false).value()) <
        1e-14);
  for (std::size_t unit = 0; unit < 4; ++unit) {
    double total = 0;
    for (std::size_t n = 0; n < 5; ++n) total += dy.value().values<double>()[n * 4 + unit];
    CHECK(parameters[1].variable.grad().values<double>()[unit] == Approx(total));
  }
}

TEST_CASE("An affine layer over time is that layer at every step", "[layers][C26]") {
  Rng rng(3);
  Linear layer(3, 4, rng);
  layer.to(DType::f64);
  const Tensor x = uniform_doubles({6, 3}, rng);  // T = 3 steps of N = 2 rows
  const Tensor whole = layer.forward(Variable(x)).value();
  for (std::int64_t t = 0; t < 3; ++t)
    CHECK(relative_difference(rows(whole, 2 * t, 2 * t + 2),
                              layer.forward(Variable(rows(x, 2 * t, 2 * t + 2))).value()) < 1e-15);
}

TEST_CASE("A classifier of two layers passes the gradient check with its loss",
          "[layers][gradient][C7]") {
  Rng rng(4);
  Sequential net;
  net.emplace<Linear>(6, 5, rng);
  net.emplace<Sigmoid>();
  net.emplace<Linear>(5, 4, rng);
  const Tensor target = Tensor::from<double>({3, 4}, {0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1});
  check_module_gradients(
      net, [&](const Variable& x) { return softmax_cross_entropy(net.forward(x), target); },
      uniform_doubles({3, 6}, rng));
}

TEST_CASE("Backpropagation is as near to differences as the textbook's", "[layers][gradient][C7]") {
  Rng rng(9);
  Sequential net;
  net.emplace<Linear>(784, 50, rng);
  net.emplace<Relu>();
  net.emplace<Linear>(50, 10, rng);
  net.to(DType::f64);
  Tensor x({3, 784}, DType::f64), target = Tensor::zeros({3, 10}, DType::f64);
  for (double& pixel : x.values<double>()) pixel = rng.uniform();
  for (std::size_t n = 0; n < 3; ++n) target.values<double>()[n * 10 + n] = 1;
  const auto loss = [&] { return softmax_cross_entropy(net.forward(Variable(x)), target); };
  loss().backward();
  // Mean absolute differences that the book prints for W1, b1, W2 and b2.
  const double printed[] = {1.8e-6, 2.4e-5, 6e-9, 1.4e-7};
  const std::vector<NamedParameter> parameters = net.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Variable parameter = parameters[i].variable;
    const auto values = parameter.value().values<double>();
    const std::size_t stride = values.size() > 500 ? 97 : 1;
    double sum = 0, count = 0;
    for (std::size_t k = 0; k < values.size(); k += stride, ++count) {
      const double numeric = central_difference(values[k], [&] { return loss().value().item(); });
      sum += std::abs(numeric - parameter.grad().values<double>()[k]);
    }
    CAPTURE(parameters[i].name);
    CHECK(sum / count < printed[i]);
  }
}

TEST_CASE("The regressor of four layers passes the gradient check", "[layers][gradient][C10]") {
  Rng rng(5);
  Sequential net;
  build_regressor(net, rng);
  const Tensor target = uniform_doubles({2, 1}, rng);
  check_module_gradients(
      net, [&](const Variable& x) { return mean_squared_error(net.forward(x), target); },
      uniform_doubles({2, 2}, rng));
}

TEST_CASE("The gradient of a batch is the mean of those of its parts", "[layers][C10][D3]") {
  // So online, mini-batch and full gradient descent have the same expected step.
  Rng rng(6);
  Sequential net;
  build_regressor(net, rng);
  const Tensor x = uniform_doubles({6, 2}, rng), target = uniform_doubles({6, 1}, rng);
  const auto gradients = [&](std::int64_t first, std::int64_t last) {
    net.zero_grad();
    mean_squared_error(net.forward(Variable(rows(x, first, last))), rows(target, first, last))
        .backward();
    std::vector<Tensor> result;
    for (const NamedParameter& parameter : net.parameters())
      result.push_back(parameter.variable.grad().clone());
    return result;
  };
  const std::vector<Tensor> full = gradients(0, 6), a = gradients(0, 3), b = gradients(3, 6);
  for (std::size_t i = 0; i < full.size(); ++i)
    CHECK(relative_difference(scale(add(Variable(a[i]), Variable(b[i])), 0.5).value(), full[i]) <
          1e-12);
}

TEST_CASE("Hidden units that start equal stay equal", "[layers][init][D1]") {
  const bool zero = GENERATE(true, false);
  Rng rng(7);
  Sequential net;
  Linear& hidden = net.emplace<Linear>(3, 4, rng);
  net.emplace<Sigmoid>();
  Linear& output = net.emplace<Linear>(4, 1, rng);
  if (zero)
    for (Linear* layer : {&hidden, &output}) layer->parameters()[0].variable.value().fill(0);
  const Tensor x = random_tensor({20, 3}, rng), target = random_tensor({20, 1}, rng);
  Sgd sgd(net.parameters(), {.learning_rate = 0.5, .momentum = 0});
  for (int i = 0; i < 50; ++i) {
    sgd.zero_grad();
    mean_squared_error(net.forward(Variable(x)), target).backward();
    sgd.step();
  }
  const auto weight = hidden.weight().values<float>();
  bool learned = false, identical = true;
  for (std::size_t i = 0; i < 12; ++i) {
    learned |= std::abs(weight[i]) > 1e-4f;
    identical &= std::abs(weight[i] - weight[i % 3]) < 1e-6f;
  }
  CHECK(learned);
  CHECK(identical == zero);
}

TEST_CASE("Sigmoid layers shrink a gradient by a quarter each at least", "[layers][D17]") {
  // Orthogonal weights keep its length, so what is lost is lost in the sigmoids.
  Rng rng(8);
  const Variable x(random_normal({1, 16}, 1, rng), true);
  Variable y = x;
  for (int depth = 1; depth <= 8; ++depth) {
    y = sigmoid(matmul(y, Variable(orthogonal({16, 16}, 1, rng)), false, true));
    Variable input = x;
    input.zero_grad();
    sum(y).backward();
    const double received = std::sqrt(dot(x.grad(), x.grad())), sent = std::sqrt(16.0);
    CHECK(received <= std::pow(0.25, depth) * sent * 1.0001);
    CHECK(received > 0);
  }
}

TEST_CASE("Central differences of a parabola and of a bowl", "[layers][gradient][C4]") {
  double x = 0, x0 = 0, x1 = 0;
  const auto parabola = [&] { return 0.01 * x * x + 0.1 * x; };
  for (auto [at, slope] : {std::pair{5.0, 0.2}, {15.0, 0.4}, {-10.0, -0.1}}) {
    x = at;
    CHECK(central_difference(x, parabola) == Approx(slope).epsilon(1e-9));
  }
  const auto bowl = [&] { return x0 * x0 + x1 * x1; };
  for (auto [a, b] : {std::pair{3.0, 4.0}, {0.0, 2.0}}) {
    x0 = a;
    x1 = b;
    CHECK(central_difference(x0, bowl) == Approx(2 * a).margin(1e-9));
    CHECK(central_difference(x1, bowl) == Approx(2 * b).epsilon(1e-9));
  }
}

TEST_CASE("Gradient descent in a bowl arrives at the bottom", "[layers][optim][C6]") {
  const Variable x(Tensor::from<double>({2}, {-3, 4}), true);
  Sgd sgd({{"x", x}}, {.learning_rate = 0.1, .momentum = 0});
  for (int i = 0; i < 100; ++i) {
    sgd.zero_grad();
    sum(square(x)).backward();
    sgd.step();
  }
  CHECK(std::sqrt(dot(x.value(), x.value())) < 1e-8);
}
