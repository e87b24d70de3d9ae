#include <catch2/catch.hpp>
#include <cmath>

#include "engine/init/initializers.hpp"
#include "engine/optim/adagrad.hpp"
#include "engine/optim/rmsprop.hpp"
#include "tests/support/tensors.hpp"

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
  theta.set_grad(Tensor::full(theta.shape(), gradient, theta.dtype()));
  optimizer.step();
}

}  // namespace

TEST_CASE("AdaGrad follows the trajectory computed by hand", "[optim][D6]") {
  // g = 3, 4, 12: sqrt(h) = 3, 5, 13.
  AdaGrad adagrad(one_parameter(1), {.learning_rate = 0.1, .epsilon = 1e-12});
  double expected = 1;
  for (auto [gradient, root] : {std::pair{3.0, 3.0}, {4.0, 5.0}, {12.0, 13.0}}) {
    step_with(adagrad, gradient);
    expected -= 0.1 * gradient / root;
    CHECK(value_of(adagrad) == Approx(expected).epsilon(1e-11));
  }
}

TEST_CASE("AdaGrad moves less where gradients were large", "[optim][D6]") {
  AdaGrad steep(one_parameter(0), {}), flat(one_parameter(0), {});
  step_with(steep, 100);
  step_with(flat, 1);
  const double before_steep = value_of(steep), before_flat = value_of(flat);
  step_with(steep, 1);
  step_with(flat, 1);
  CHECK(std::abs(value_of(steep) - before_steep) < 0.1 * std::abs(value_of(flat) - before_flat));
}

TEST_CASE("RMSProp follows the trajectory computed by hand", "[optim][D7]") {
  // Decay .75, g = 2, -4: h = 1, 4.75.
  RmsProp rmsprop(one_parameter(1), {.learning_rate = 0.1, .decay = 0.75, .epsilon = 1e-12});
  step_with(rmsprop, 2);
  CHECK(value_of(rmsprop) == Approx(1 - 0.2).epsilon(1e-11));
  step_with(rmsprop, -4);
  CHECK(value_of(rmsprop) == Approx(0.8 + 0.4 / std::sqrt(4.75)).epsilon(1e-11));
}

TEST_CASE("RMSProp forgets large gradients and AdaGrad does not", "[optim][D6][D7]") {
  AdaGrad adagrad(one_parameter(0), {.learning_rate = 0.1});
  RmsProp rmsprop(one_parameter(0), {.learning_rate = 0.1, .decay = 0.9});
  const auto last_move = [](Optimizer& optimizer) {
    step_with(optimizer, 1000);
    for (int t = 0; t < 300; ++t) step_with(optimizer, 1);
    const double before = value_of(optimizer);
    step_with(optimizer, 1);
    return before - value_of(optimizer);
  };
  CHECK(last_move(rmsprop) == Approx(0.1).epsilon(1e-3));
  CHECK(last_move(adagrad) < 1e-3);
}

TEST_CASE("Weight decay of AdaGrad and RMSProp adds to the gradient", "[optim][D10]") {
  AdaGrad adagrad(one_parameter(2), {.weight_decay = 0.5}), same(one_parameter(2), {});
  step_with(adagrad, 1);
  step_with(same, 2);
  CHECK(value_of(adagrad) == value_of(same));
  RmsProp rmsprop(one_parameter(2), {.weight_decay = 0.5}), equal(one_parameter(2), {});
  step_with(rmsprop, 1);
  step_with(equal, 2);
  CHECK(value_of(rmsprop) == value_of(equal));
}

TEMPLATE_TEST_CASE("An adaptive optimizer restored from its state goes on bit for bit", "[optim]",
                   AdaGradOptions, RmsPropOptions) {
  using Optimizer = std::conditional_t<std::is_same_v<TestType, AdaGradOptions>, AdaGrad, RmsProp>;
  Rng rng(1);
  const Tensor start = random_normal({3, 4}, 1, rng);
  Optimizer straight({{"a", Variable(start.clone(), true)}}, TestType{});
  for (double g : {1.0, -2.0, 0.5}) step_with(straight, g);
  Optimizer resumed({{"a", Variable(straight.parameters()[0].variable.value().clone(), true)}},
                    TestType{});
  REQUIRE(straight.state().size() == 1);
  CHECK(straight.state()[0].name == "square.a");
  resumed.state()[0].tensor.copy_from(straight.state()[0].tensor);
  resumed.set_steps(straight.steps());
  step_with(straight, 3);
  step_with(resumed, 3);
  CHECK(test::relative_difference(resumed.parameters()[0].variable.value(),
                                  straight.parameters()[0].variable.value()) == 0);
}

TEST_CASE("Adaptive optimizers reject options outside their range", "[optim]") {
  CHECK_THROWS_AS(AdaGrad(one_parameter(1), {.epsilon = 0}), std::invalid_argument);
  CHECK_THROWS_AS(AdaGrad(one_parameter(1), {.weight_decay = -1}), std::invalid_argument);
  CHECK_THROWS_AS(RmsProp(one_parameter(1), {.decay = 1}), std::invalid_argument);
  CHECK_THROWS_AS(RmsProp(one_parameter(1), {.epsilon = 0}), std::invalid_argument);
}
