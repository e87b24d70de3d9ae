#include "engine/autograd/ops_local_response_norm.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/gradient_check.hpp"

using namespace tengen;
using namespace tengen::test;

TEST_CASE("Local response norm follows its definition channel by channel", "[autograd][C24]") {
  Rng rng(1);
  const LocalResponseNormOptions options{.size = 3, .alpha = 0.6, .beta = 0.75, .k = 2};
  const Tensor x = uniform_doubles({2, 1, 1, 5}, rng, -2, 2);
  const Variable y = local_response_norm(Variable(x), options);
  for (int n = 0; n < 2; ++n)
    for (int c = 0; c < 5; ++c) {
      double energy = 0;
      for (int j = std::max(0, c - 1); j <= std::min(4, c + 1); ++j)
        energy += std::pow(x.values<double>()[std::size_t(n * 5 + j)], 2);
      const double expected =
          x.values<double>()[std::size_t(n * 5 + c)] / std::pow(2 + 0.6 / 3 * energy, 0.75);
      CHECK(y.value().values<double>()[std::size_t(n * 5 + c)] == Approx(expected).epsilon(1e-13));
    }
}

TEST_CASE("Local response norm passes the gradient check", "[autograd][gradient][C24]") {
  Rng rng(2);
  const LocalResponseNormOptions options{.size = 3, .alpha = 0.5};
  check_gradients(
      [&](const std::vector<Variable>& v) { return local_response_norm(v[0], options); },
      {uniform_doubles({2, 2, 2, 5}, rng, -2, 2)});
}

TEST_CASE("Local response norm needs an odd window", "[autograd][C24]") {
  const Variable x(Tensor::zeros({1, 4}));
  CHECK_THROWS_AS(local_response_norm(x, {.size = 4}), std::invalid_argument);
  CHECK_THROWS_AS(local_response_norm(x, {.k = 0}), std::invalid_argument);
}
