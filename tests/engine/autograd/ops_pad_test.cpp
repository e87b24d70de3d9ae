#include "engine/autograd/ops_pad.hpp"

#include <catch2/catch.hpp>

#include "tests/support/gradient_check.hpp"

using namespace tengen;
using namespace tengen::test;

TEST_CASE("Padding puts zeros before and after along one axis", "[autograd]") {
  const Variable x(Tensor::from<float>({2, 2}, {1, 2, 3, 4}));
  const auto values = [](const Variable& y) {
    const auto span = y.value().values<float>();
    return std::vector<float>(span.begin(), span.end());
  };
  CHECK(values(pad(x, 0, 1, 0)) == std::vector<float>{0, 0, 1, 2, 3, 4});
  CHECK(values(pad(x, -1, 1, 2)) == std::vector<float>{0, 1, 2, 0, 0, 0, 3, 4, 0, 0});
  CHECK(pad(x, 1, 1, 2).shape() == Shape{2, 5});
}

TEST_CASE("Padding passes the gradient check on every axis", "[autograd][gradient]") {
  Rng rng(1);
  for (int axis : {0, 1, 2})
    check_gradients([&](const std::vector<Variable>& v) { return pad(v[0], axis, 2, 1); },
                    {uniform_doubles({2, 3, 2}, rng)});
}

TEST_CASE("Negative paddings and axes that are not there are rejected", "[autograd]") {
  const Variable x(Tensor::zeros({2, 2}));
  CHECK_THROWS_AS(pad(x, 0, -1, 0), std::invalid_argument);
  CHECK_THROWS_AS(pad(x, 2, 0, 0), std::invalid_argument);
}
