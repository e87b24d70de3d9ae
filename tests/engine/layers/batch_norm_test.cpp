#include "engine/layers/batch_norm.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tengen;

namespace {

/// Two channels, four rows: means 2.5 and 0, biased variances 1.25 and 4.
Variable example() { return Variable(Tensor::from<float>({4, 2}, {1, 2, 2, -2, 3, 2, 4, -2})); }

}  // namespace

TEST_CASE("Training normalises with the statistics of the batch", "[layers][batch_norm][C21]") {
  BatchNorm norm(2);
  const Variable y = norm.forward(example());
  const std::span<const float> values = y.value().values<float>();
  CHECK(values[0] == Approx(-1.5 / std::sqrt(1.25 + 1e-5)));
  CHECK(values[1] == Approx(2 / std::sqrt(4 + 1e-5)));
  CHECK(values[7] == Approx(-2 / std::sqrt(4 + 1e-5)));
}

TEST_CASE("Running statistics move by one minus the momentum to the unbiased ones",
          "[layers][batch_norm][C21]") {
  BatchNorm norm(2, 0.75);
  norm.forward(example());
  CHECK(norm.running_mean().values<float>()[0] == Approx(0.25 * 2.5));
  CHECK(norm.running_mean().values<float>()[1] == Approx(0).margin(1e-7));
  CHECK(norm.running_variance().values<float>()[0] == Approx(0.75 + 0.25 * 1.25 * 4 / 3));
  CHECK(norm.running_variance().values<float>()[1] == Approx(0.75 + 0.25 * 4 * 4 / 3));
}

TEST_CASE("Eval normalises with the running statistics and does not move them",
          "[layers][batch_norm][C21]") {
  BatchNorm norm(2);
  norm.buffers()[0].tensor.copy_from(Tensor::from<float>({2}, {1, -1}));
  norm.buffers()[1].tensor.copy_from(Tensor::from<float>({2}, {4, 9}));
  norm.eval();
  const Variable y = norm.forward(example());
  CHECK(y.value().values<float>()[2] == Approx(0.5));
  CHECK(y.value().values<float>()[1] == Approx(1));
  CHECK(norm.running_mean().values<float>()[0] == 1);
  CHECK(norm.running_variance().values<float>()[1] == 9);
}

TEST_CASE("Running statistics converge to those of a constant stream",
          "[layers][batch_norm][C21]") {
  BatchNorm norm(2);
  for (int i = 0; i < 200; ++i) norm.forward(example());
  CHECK(norm.running_mean().values<float>()[0] == Approx(2.5).epsilon(1e-4));
  CHECK(norm.running_variance().values<float>()[1] == Approx(16.0 / 3).epsilon(1e-4));
}

TEST_CASE("Training on a single row is rejected", "[layers][batch_norm]") {
  BatchNorm norm(2);
  CHECK_THROWS_AS(norm.forward(Variable(Tensor::zeros({1, 2}))), std::invalid_argument);
  CHECK_THROWS_AS(BatchNorm(2, 1.5), std::invalid_argument);
  CHECK_THROWS_AS(BatchNorm(2, 0.9, 0.0), std::invalid_argument);
}
