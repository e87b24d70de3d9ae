#include "engine/autograd/ops_group_norm.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_norm.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;
using Inputs = std::vector<Variable>;

namespace {

constexpr double kEpsilon = 1e-5;

/// x normalised in groups, without scale and shift.
Tensor normalised(const Tensor& x, std::int64_t groups) {
  const Shape channels{x.dim(-1)};
  return group_norm(Variable(x), Variable(Tensor::full(channels, 1, x.dtype())),
                    Variable(Tensor::zeros(channels, x.dtype())), groups, kEpsilon)
      .value();
}

Tensor first_example(const Tensor& x) {
  const std::size_t size = std::size_t(x.size() / x.dim(0));
  return Tensor::from(Shape{1, x.dim(1), x.dim(2), x.dim(3)}, x.values<double>().first(size));
}

}  // namespace

TEST_CASE("Group norm worked by hand", "[autograd][C22]") {
  // Two positions, channels in groups {0, 1} and {2, 3}: group 0 holds 1 3 5 7 (mean 4, variance
  // 5), group 1 holds 2 2 -2 -2 (mean 0, variance 4).
  const Variable x(Tensor::from<double>({1, 2, 4}, {1, 3, 2, 2, 5, 7, -2, -2}));
  const Variable gamma(Tensor::from<double>({4}, {1, 10, 1, 2}));
  const Variable beta(Tensor::from<double>({4}, {0, 0, 0, 5}));
  const Variable y = group_norm(x, gamma, beta, 2, 0.25);
  CHECK(y.value().values<double>()[0] == Approx(-3 / std::sqrt(5.25)));
  CHECK(y.value().values<double>()[5] == Approx(10 * 3 / std::sqrt(5.25)));
  CHECK(y.value().values<double>()[2] == Approx(2 / std::sqrt(4.25)));
  CHECK(y.value().values<double>()[7] == Approx(5 - 4 / std::sqrt(4.25)));
}

TEST_CASE("One group is layer norm over the whole example", "[autograd][C22]") {
  Rng rng(1);
  const Tensor x = uniform_doubles({3, 4, 5, 6}, rng);
  const Variable flat(x.reshape({3, 120}));
  const Variable layer = layer_norm(flat, Variable(Tensor::full({120}, 1, DType::f64)),
                                    Variable(Tensor::zeros({120}, DType::f64)), kEpsilon);
  CHECK(relative_difference(normalised(x, 1).reshape({3, 120}), layer.value()) < 1e-14);
}

TEST_CASE("A group for each channel is instance norm", "[autograd][C22]") {
  // Instance norm of one image is batch norm of a batch of that image alone.
  Rng rng(2);
  const Tensor x = uniform_doubles({1, 4, 5, 6}, rng);
  const Tensor batch = batch_norm_train(Variable(x), Variable(Tensor::full({6}, 1, DType::f64)),
                                        Variable(Tensor::zeros({6}, DType::f64)), kEpsilon)
                           .y.value();
  CHECK(relative_difference(normalised(x, 6), batch) < 1e-13);
}

TEST_CASE("Group norm of an example does not depend on the rest of the batch", "[autograd][C22]") {
  Rng rng(3);
  const Tensor x = uniform_doubles({5, 3, 2, 6}, rng);
  const std::int64_t groups = GENERATE(1, 2, 3, 6);
  CHECK(relative_difference(first_example(normalised(x, groups)),
                            normalised(first_example(x), groups)) == 0);
}

TEST_CASE("Layer norm makes every row standard", "[autograd][C22]") {
  Rng rng(4);
  const Variable x(uniform_doubles({2, 3, 50}, rng, 5, 9));
  const Variable y = layer_norm(x, Variable(Tensor::full({50}, 1, DType::f64)),
                                Variable(Tensor::zeros({50}, DType::f64)), 1e-12);
  const Variable sums = sum_last_axis(y), squares = sum_last_axis(square(y));
  for (double total : sums.value().values<double>()) CHECK(total == Approx(0).margin(1e-12));
  for (double total : squares.value().values<double>()) CHECK(total == Approx(50));
}

TEST_CASE("Group and layer norm pass the gradient check", "[autograd][gradient][C22]") {
  Rng rng(5);
  const Tensor gamma = uniform_doubles({4}, rng, 0.5, 2), beta = uniform_doubles({4}, rng);
  for (std::int64_t groups : {1, 2, 4})
    check_gradients([&](const Inputs& v) { return group_norm(v[0], v[1], v[2], groups, kEpsilon); },
                    {uniform_doubles({2, 3, 2, 4}, rng), gamma, beta});
  check_gradients([&](const Inputs& v) { return layer_norm(v[0], v[1], v[2], kEpsilon); },
                  {uniform_doubles({2, 3, 4}, rng), gamma, beta});
}

TEST_CASE("Group norm in float agrees with double", "[autograd][C22]") {
  Rng rng(6);
  const Tensor x = random_tensor({4, 9, 9, 32}, rng);
  CHECK(relative_difference(normalised(x, 8), normalised(x.to(DType::f64), 8)) < 1e-5);
}

TEST_CASE("Groups that do not divide the channels and empty batches are rejected",
          "[autograd][C22]") {
  CHECK_THROWS_AS(normalised(Tensor::zeros({2, 3, 3, 6}), 4), std::invalid_argument);
  CHECK_THROWS_AS(normalised(Tensor::zeros({2, 3, 3, 6}), 0), std::invalid_argument);
  CHECK_THROWS_AS(normalised(Tensor::zeros({0, 3, 3, 6}), 2), std::invalid_argument);
}
