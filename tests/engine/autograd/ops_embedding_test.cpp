#include "engine/autograd/ops_embedding.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

/// Row 1 chosen three times, row 2 not at all.
Tensor indices() { return Tensor::from<std::int32_t>({2, 3}, {1, 0, 1, 3, 1, 0}); }

}  // namespace

TEST_CASE("An embedding is the product of one-hot rows with the table", "[autograd][C25]") {
  Rng rng(1);
  const Variable table(uniform_doubles({4, 5}, rng));
  const Variable rows(one_hot(indices(), 4, DType::f64).reshape({6, 4}));
  const Variable y = embedding(table, indices());
  REQUIRE(y.shape() == Shape{2, 3, 5});
  CHECK(relative_difference(y.value().reshape({6, 5}), matmul(rows, table).value()) == 0);
}

TEST_CASE("The gradient of an embedding adds up over repeated indices", "[autograd][C25]") {
  const Variable table(Tensor::zeros({4, 2}, DType::f64), true);
  sum(embedding(table, indices())).backward();
  const auto grad = table.grad().values<double>();
  CHECK(std::vector<double>(grad.begin(), grad.end()) ==
        std::vector<double>{2, 2, 3, 3, 0, 0, 1, 1});
}

TEST_CASE("An embedding passes the gradient check", "[autograd][gradient][C25]") {
  Rng rng(2);
  check_gradients([](const std::vector<Variable>& v) { return embedding(v[0], indices()); },
                  {uniform_doubles({4, 3}, rng)});
}

TEST_CASE("Indices outside the table are rejected", "[autograd][C25]") {
  const Variable table(Tensor::zeros({3, 2}));
  CHECK_THROWS_AS(embedding(table, indices()), std::invalid_argument);
  CHECK_THROWS_AS(embedding(table, Tensor::from<std::int32_t>({1}, {-1})), std::invalid_argument);
  CHECK_THROWS_AS(embedding(table, Tensor::zeros({1})), std::invalid_argument);
  CHECK_THROWS_AS(one_hot(indices(), 3, DType::f32), std::invalid_argument);
}

TEST_CASE("One-hot rows of the ignored index are zero", "[autograd][C25]") {
  const Tensor y = one_hot(Tensor::from<std::int32_t>({2}, {-1, 1}), 2, DType::f32);
  const auto values = y.values<float>();
  CHECK(std::vector<float>(values.begin(), values.end()) == std::vector<float>{0, 0, 0, 1});
}
