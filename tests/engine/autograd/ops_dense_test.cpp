#include "engine/autograd/ops_dense.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/init/initializers.hpp"
#include "engine/kernels/fast_math.hpp"

namespace tengen {
namespace {

using kernels::DenseActivation;

double largest_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  double largest = 0;
  for (std::size_t i = 0; i < a.values<float>().size(); ++i)
    largest = std::max(largest, double(std::abs(a.values<float>()[i] - b.values<float>()[i])));
  return largest;
}

Variable composed(const Variable& x, const Variable& w, const Variable& b, DenseActivation f) {
  const Variable y = add(matmul(x, w, false, true), b);
  return f == DenseActivation::tanh ? tanh(y) : y;
}

}  // namespace

TEST_CASE("A dense layer is a product and a sum and a tanh forward and backward",
          "[engine][autograd][dense]") {
  Rng rng(1);
  for (const auto activation : {DenseActivation::none, DenseActivation::tanh})
    for (const auto& [m, k, n] : {std::array{1, 1, 1}, {7, 5, 3}, {64, 4, 64}, {13, 33, 50}}) {
      Variable x(random_normal({m, k}, 1, rng), true), w(random_normal({n, k}, 0.4, rng), true),
          b(random_normal({n}, 1, rng), true);
      const Variable weights(random_normal({m, n}, 1, rng));
      const Variable fused = dense(x, w, b, activation);
      sum(multiply(fused, weights)).backward();
      const Tensor dx = x.grad(), dw = w.grad(), db = b.grad();
      for (Variable* v : {&x, &w, &b}) v->zero_grad();
      const Variable plain = composed(x, w, b, activation);
      sum(multiply(plain, weights)).backward();
      CAPTURE(m, k, n);
      CHECK(largest_difference(fused.value(), plain.value()) < 2e-5);
      CHECK(largest_difference(dx, x.grad()) < 2e-5);
      CHECK(largest_difference(dw, w.grad()) < 5e-5);
      CHECK(largest_difference(db, b.grad()) < 5e-5);
    }
}

TEST_CASE("The vector tanh is within three units in the last place and keeps NaN",
          "[engine][kernels][dense]") {
  std::vector<float> x;
  for (float v = -12; v <= 12; v += 0.0037f) x.push_back(v);
  for (float v = 1e-30f; v < 1; v *= 3) x.push_back(v);
  std::vector<float> y = x;
  kernels::tanh_in_place(y.data(), static_cast<std::int64_t>(y.size()));
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(std::abs(y[i] - std::tanh(double(x[i]))) <= 3 * 6e-8 * std::abs(std::tanh(double(x[i]))));
  float nan = std::nanf("");
  kernels::tanh_in_place(&nan, 1);
  CHECK(std::isnan(nan));
}

TEST_CASE("The vector logistic function is exact to seven digits of one and keeps NaN",
          "[engine][kernels][dense]") {
  for (float x = -90; x <= 90; x += 0.037f) {
    const double exact = kernels::logistic_of(double(x));
    CHECK(std::abs(kernels::logistic_of(x) - exact) <= 1.2e-7);
    if (x > -80) CHECK(kernels::logistic_of(x) == Approx(exact).epsilon(1e-5));
  }
  CHECK(std::isnan(kernels::logistic_of(std::nanf(""))));
}

TEST_CASE("A dense layer gives a row the same bits alone and among others",
          "[engine][kernels][dense]") {
  Rng rng(2);
  kernels::PackedDense layer;
  kernels::pack_dense(random_normal({20, 9}, 1, rng), random_normal({20}, 1, rng), layer);
  const Tensor x = random_normal({11, 9}, 1, rng);
  std::vector<float> all(11 * 20), one(20);
  const float* rows = x.values<float>().data();
  kernels::dense(layer, kernels::DenseActivation::tanh, 11, rows, all.data());
  for (int i = 0; i < 11; ++i) {
    kernels::dense(layer, kernels::DenseActivation::tanh, 1, rows + i * 9, one.data());
    CHECK(std::equal(one.begin(), one.end(), all.begin() + i * 20));
  }
}

}  // namespace tengen
