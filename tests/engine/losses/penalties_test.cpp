#include "engine/losses/penalties.hpp"

#include <catch2/catch.hpp>

#include "engine/optim/sgd.hpp"
#include "tests/support/gradient_check.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

std::vector<NamedParameter> two_parameters() {
  return {{"a", Variable(Tensor::from<double>({2}, {1, -2}), true)},
          {"b", Variable(Tensor::from<double>({1, 1}, {3}), true)}};
}

}  // namespace

TEST_CASE("Lasso and ridge and the elastic net of weights 1 and -2 and 3", "[losses][D11]") {
  const std::vector<NamedParameter> weights = two_parameters();
  CHECK(l1_penalty(weights, 0.5).value().item() == Approx(3));
  CHECK(ridge_penalty(weights, 0.5).value().item() == Approx(3.5));
  CHECK(elastic_net_penalty(weights, 0.5, 0.25).value().item() == Approx(.25 * 3 + .75 * 3.5));
  CHECK(elastic_net_penalty(weights, 0.5, 1).value().item() == Approx(3));
  CHECK(elastic_net_penalty(weights, 0.5, 0).value().item() == Approx(3.5));
}

TEST_CASE("The gradient of lasso is lambda times the sign and zero at zero", "[losses][D11]") {
  const Variable w(Tensor::from<double>({3}, {2, 0, -0.1}), true);
  l1_penalty(std::vector<NamedParameter>{{"w", w}}, 0.5).backward();
  const auto grad = w.grad().values<double>();
  CHECK(std::vector<double>(grad.begin(), grad.end()) == std::vector<double>{0.5, 0, -0.5});
}

TEST_CASE("A ridge penalty is the weight decay of gradient descent", "[losses][D10][D11]") {
  const std::vector<NamedParameter> penalised = two_parameters(), decayed = two_parameters();
  ridge_penalty(penalised, 0.3).backward();
  Sgd plain(penalised, {.learning_rate = 0.1, .momentum = 0});
  plain.step();
  for (const NamedParameter& parameter : decayed) {
    Variable variable = parameter.variable;
    variable.set_grad(Tensor::zeros(variable.shape(), DType::f64));
  }
  Sgd decay(decayed, {.learning_rate = 0.1, .momentum = 0, .weight_decay = 0.3});
  decay.step();
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(penalised[i].variable.value().values<double>()[0] ==
          Approx(decayed[i].variable.value().values<double>()[0]).epsilon(1e-14));
}

TEST_CASE("A tying penalty draws two tensors to their mean", "[losses][D12]") {
  const Variable a(Tensor::from<double>({2}, {1, 5}), true);
  const Variable b(Tensor::from<double>({2}, {3, 2}), true);
  CHECK(tying_penalty(a, b, 0.5).value().item() == Approx(0.25 * (4 + 9)));
  Sgd sgd({{"a", a}, {"b", b}}, {.learning_rate = 0.1, .momentum = 0});
  for (int i = 0; i < 300; ++i) {
    sgd.zero_grad();
    tying_penalty(a, b, 1).backward();
    sgd.step();
  }
  for (const Variable& v : {a, b}) {
    CHECK(v.value().values<double>()[0] == Approx(2));
    CHECK(v.value().values<double>()[1] == Approx(3.5));
  }
  CHECK_THROWS_AS(tying_penalty(a, Variable(Tensor::zeros({3}, DType::f64)), 1),
                  std::invalid_argument);
}

TEST_CASE("Penalties pass the gradient check", "[losses][gradient][D11][D12]") {
  Rng rng(1);
  const Tensor a = random_away_from_zero({2, 3}, rng), b = random_away_from_zero({2, 3}, rng);
  check_gradients(
      [](const std::vector<Variable>& v) {
        return elastic_net_penalty(std::vector<NamedParameter>{{"a", v[0]}, {"b", v[1]}}, 0.3, 0.4);
      },
      {a, b});
  check_gradients([](const std::vector<Variable>& v) { return tying_penalty(v[0], v[1], 0.7); },
                  {a, b});
}

TEST_CASE("Penalties reject a mix outside its range and no parameters", "[losses][D11]") {
  CHECK_THROWS_AS(elastic_net_penalty(two_parameters(), 1, 1.1), std::invalid_argument);
  CHECK_THROWS_AS(l1_penalty({}, 1), std::invalid_argument);
}
