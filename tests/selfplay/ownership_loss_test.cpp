#include "selfplay/ownership_loss.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/gradient_check.hpp"

using namespace tengen;
using namespace tengen::selfplay;
using namespace tengen::test;

namespace {

const Tensor kOwnership = Tensor::from<float>({3, 1, 2}, {1, -1, 0, 1, -1, -1});

Tensor doubles(const Shape& shape, std::initializer_list<double> values) {
  return Tensor::from<double>(shape, values);
}

}  // namespace

TEST_CASE("The loss of ownership is the cross entropy of tanh as a chance of 1 against -1",
          "[selfplay][ownership]") {
  const Tensor logits = doubles({3, 1, 2}, {0.3, 0.2, -0.7, 0, 2, -1});
  const Tensor known = Tensor::from<float>({3, 1, 2}, {1, 1, 1, 1, 0, 0});
  const auto own = [&](int i) { return (1 + std::tanh(logits.values<double>()[i])) / 2; };
  const double expected = -(std::log(own(0)) + std::log(1 - own(1)) +
                            (std::log(own(2)) + std::log(1 - own(2))) / 2 + std::log(own(3))) /
                          4;
  CHECK(ownership_loss(Variable(logits), kOwnership, known, 4).value().item() ==
        Approx(expected).epsilon(1e-7));
}

TEST_CASE("The loss of ownership passes the gradient check", "[selfplay][ownership][gradient]") {
  Rng rng(1);
  const Tensor known = Tensor::from<float>({3, 1, 2}, {1, 0, 1, 0, 0, 1});
  check_gradients(
      [&](const std::vector<Variable>& v) { return ownership_loss(v[0], kOwnership, known, 3); },
      {uniform_doubles({3, 1, 2}, rng, -2, 2)});
}
