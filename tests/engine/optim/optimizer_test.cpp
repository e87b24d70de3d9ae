#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "engine/base/random.hpp"
#include "engine/init/initializers.hpp"
#include "engine/optim/adam.hpp"
#include "engine/optim/clip_gradient.hpp"
#include "engine/optim/sgd.hpp"

using namespace tengen;

namespace {

std::vector<NamedParameter> one_parameter(double start) {
  return {{"theta", Variable(Tensor::full({1}, start, DType::f64), true)}};
}
double value_of(const Optimizer& optimizer) {
  return optimizer.parameters()[0].variable.value().item();
}
void step_with(Optimizer& optimizer, double gradient) {
  Variable theta = optimizer.parameters()[0].variable;
  theta.set_grad(Tensor::full({1}, gradient, DType::f64));
  optimizer.step();
}
bool same_bits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && a.dtype() == b.dtype() &&
         std::memcmp(a.data(), b.data(), std::size_t(a.size()) * size_of(a.dtype())) == 0;
}

/// Two fp32 parameters and reproducible gradients for them.
std::vector<NamedParameter> two_parameters(Rng& rng) {
  return {{"a", Variable(random_normal({3, 4}, 1, rng), true)},
          {"b", Variable(random_normal({5}, 1, rng), true)}};
}
void random_step(Optimizer& optimizer, Rng& rng) {
  for (const NamedParameter& parameter : optimizer.parameters()) {
    Variable variable = parameter.variable;
    variable.set_grad(random_normal(variable.shape(), 1, rng));
  }
  optimizer.step();
}

}  // namespace

TEST_CASE("Plain gradient descent matches its closed form", "[optim][C5][D3]") {
  // f = .01 x^2 + .1 x from 0 at rate .002: x_t = 5 ((1 - 4e-5)^t - 1).
  Sgd sgd(one_parameter(0), {.learning_rate = 0.002, .momentum = 0});
  for (int t = 0; t < 10000; ++t) step_with(sgd, 0.02 * value_of(sgd) + 0.1);
  CHECK(value_of(sgd) == Approx(-1.648426583).epsilon(1e-8));
  for (int t = 10000; t < 130000; ++t) step_with(sgd, 0.02 * value_of(sgd) + 0.1);
  CHECK(value_of(sgd) == Approx(-4.972420046).epsilon(1e-8));
  CHECK(sgd.state().empty());
  CHECK(sgd.steps() == 130000);
}

TEST_CASE("Momentum follows the trajectory computed by hand", "[optim][D4]") {
  // f = x^2 / 2 from 1: v = -.1, -.18, -.234.
  Sgd sgd(one_parameter(1), {.learning_rate = 0.1, .momentum = 0.9});
  for (double expected : {0.9, 0.72, 0.486}) {
    step_with(sgd, value_of(sgd));
    CHECK(value_of(sgd) == Approx(expected));
  }
}

TEST_CASE("Nesterov equals the gradient at the point looked ahead to", "[optim][D5]") {
  // Sutskever's form on f = x^2 / 2: v <- .9 v - .1 f'(x + .9 v), x <- x + v; ours holds x + .9 v.
  Sgd sgd(one_parameter(1), {.learning_rate = 0.1, .momentum = 0.9, .nesterov = true});
  double x = 1, v = 0;
  for (int t = 0; t < 20; ++t) {
    v = 0.9 * v - 0.1 * (x + 0.9 * v);
    x += v;
    step_with(sgd, value_of(sgd));
    CHECK(value_of(sgd) == Approx(x + 0.9 * v));
  }
}

TEST_CASE("Weight decay of SGD adds a multiple of the parameter to the gradient", "[optim][D10]") {
  Sgd sgd(one_parameter(2), {.learning_rate = 0.1, .momentum = 0, .weight_decay = 0.5});
  step_with(sgd, 1);
  CHECK(value_of(sgd) == Approx(2 - 0.1 * (1 + 0.5 * 2)));
}

TEST_CASE("Adam follows the trajectory computed by hand", "[optim][D8]") {
  // g = 1, -2: m = .1, -.11; v = .001, .004999; corrected by (.1, .19) and (.001, .001999).
  Adam adam(one_parameter(1), {.learning_rate = 0.1});
  step_with(adam, 1);
  CHECK(value_of(adam) == Approx(1 - 0.1 / (1 + 1e-8)).epsilon(1e-14));
  step_with(adam, -2);
  const double second = 0.1 * (0.11 / 0.19) / std::sqrt(0.004999 / 0.001999);
  CHECK(value_of(adam) == Approx(0.9 + second).epsilon(1e-8));
  CHECK(second == Approx(0.0366104).epsilon(1e-5));
}

TEST_CASE("Adam equals its fused form within the effect of epsilon", "[optim][D9]") {
  Adam adam(one_parameter(1), {.learning_rate = 0.01});
  double theta = 1, m = 0, v = 0;
  for (int t = 1; t <= 50; ++t) {
    const double g = std::cos(t) + 0.1 * theta;
    step_with(adam, std::cos(t) + 0.1 * value_of(adam));
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const double rate = 0.01 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t));
    theta -= rate * m / (std::sqrt(v) + 1e-8);
    CHECK(value_of(adam) == Approx(theta).margin(1e-6));
  }
}

TEST_CASE("Decoupled weight decay shrinks a parameter that has no gradient", "[optim][D10]") {
  Adam adamw(one_parameter(2), {.learning_rate = 0.1, .weight_decay = 0.5});
  step_with(adamw, 0);
  CHECK(value_of(adamw) == Approx(2 * (1 - 0.1 * 0.5)));
  Adam coupled(one_parameter(2), {.learning_rate = 0.1, .weight_decay = 0.5, .decoupled = false});
  step_with(coupled, 0);
  CHECK(value_of(coupled) == Approx(2 - 0.1));  // a first step is the rate times the sign
}

TEST_CASE("A parameter without a gradient is left alone", "[optim]") {
  Adam adam(one_parameter(2), {.weight_decay = 0.5});
  adam.step();
  CHECK(value_of(adam) == 2);
  step_with(adam, 1);
  adam.zero_grad();
  CHECK_FALSE(adam.parameters()[0].variable.grad().defined());
}

TEMPLATE_TEST_CASE("An optimizer restored from its state goes on bit for bit", "[optim]",
                   AdamOptions, SgdOptions) {
  using Optimizer = std::conditional_t<std::is_same_v<TestType, AdamOptions>, Adam, Sgd>;
  Rng weights(1), same_weights(1);
  Optimizer straight(two_parameters(weights), TestType{.learning_rate = 0.1});
  Rng gradients(2);
  for (int t = 0; t < 3; ++t) random_step(straight, gradients);

  Optimizer resumed(two_parameters(same_weights), TestType{.learning_rate = 0.1});
  for (std::size_t i = 0; i < 2; ++i) {
    Variable parameter = resumed.parameters()[i].variable;
    parameter.value().copy_from(straight.parameters()[i].variable.value());
  }
  std::vector<NamedBuffer> saved = straight.state(), fresh = resumed.state();
  REQUIRE(saved.size() == fresh.size());
  REQUIRE_FALSE(saved.empty());
  for (std::size_t i = 0; i < saved.size(); ++i) {
    CHECK(saved[i].name == fresh[i].name);
    fresh[i].tensor.copy_from(saved[i].tensor);
  }
  resumed.set_steps(straight.steps());

  Rng more(3), same(3);
  for (int t = 0; t < 3; ++t) {
    random_step(straight, more);
    random_step(resumed, same);
  }
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(same_bits(straight.parameters()[i].variable.value(),
                    resumed.parameters()[i].variable.value()));
}

TEST_CASE("Adam that follows another optimizer corrects only for its own updates", "[optim]") {
  Variable x(Tensor::full({1}, 1.0), true);
  Adam adam({{"x", x}}, {.learning_rate = 0.1});
  adam.set_steps(1000, 1000);
  x.set_grad(Tensor::full({1}, 0.5));
  adam.step();
  CHECK(x.value().item() == Approx(0.9));  // the first step is one learning rate long
  CHECK(adam.steps() == 1001);
  CHECK_THROWS_AS(adam.set_steps(3, 4), std::invalid_argument);
}

TEST_CASE("State tensors are named after their parameters", "[optim]") {
  Rng rng(1);
  const Adam adam(two_parameters(rng), {});
  const std::vector<NamedBuffer> state = adam.state();
  REQUIRE(state.size() == 4);
  CHECK(state[0].name == "mean.a");
  CHECK(state[3].name == "square.b");
  CHECK(state[3].tensor.shape() == Shape{5});
}

TEST_CASE("Optimizers reject options outside their range", "[optim]") {
  CHECK_THROWS_AS(Sgd({}, {}), std::invalid_argument);
  CHECK_THROWS_AS(Sgd(one_parameter(1), {.momentum = 1}), std::invalid_argument);
  CHECK_THROWS_AS(Sgd(one_parameter(1), {.momentum = 0, .nesterov = true}), std::invalid_argument);
  CHECK_THROWS_AS(Adam(one_parameter(1), {.beta2 = 1}), std::invalid_argument);
  CHECK_THROWS_AS(Adam(one_parameter(1), {.epsilon = 0}), std::invalid_argument);
}

TEST_CASE("Clipping scales all gradients together to the largest norm allowed", "[optim][D15]") {
  std::vector<NamedParameter> parameters = one_parameter(0);
  parameters.push_back({"b", Variable(Tensor::zeros({2}), true)});
  parameters.push_back({"without", Variable(Tensor::zeros({2}), true)});
  parameters[0].variable.set_grad(Tensor::full({1}, 2, DType::f64));
  parameters[1].variable.set_grad(Tensor::from<float>({2}, {4, -4}));
  CHECK(clip_gradient_norm(parameters, 10) == Approx(6));
  CHECK(parameters[0].variable.grad().item() == 2);
  CHECK(clip_gradient_norm(parameters, 1.5) == Approx(6));
  CHECK(gradient_norm(parameters) == Approx(1.5));
  CHECK(parameters[0].variable.grad().item() == Approx(0.5));
  CHECK(parameters[1].variable.grad().values<float>()[1] == Approx(-1));
  CHECK_THROWS_AS(clip_gradient_norm(parameters, 0), std::invalid_argument);
}
