#include "engine/autograd/ops_slice.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "tests/support/gradient_check.hpp"

using namespace tengen;
using namespace tengen::test;
using Inputs = std::vector<Variable>;

namespace {

/// 0, 1, 2, ... in row-major order.
Variable counting(const Shape& shape) {
  Tensor tensor(shape);
  std::iota(tensor.values<float>().begin(), tensor.values<float>().end(), 0.0f);
  return Variable(tensor);
}

std::vector<float> numbers(const Variable& x) {
  const auto values = x.value().values<float>();
  return {values.begin(), values.end()};
}

}  // namespace

TEST_CASE("Slices and selections take the right elements", "[autograd][slice]") {
  const Variable x = counting({2, 3, 2});
  CHECK(numbers(slice(x, 1, 1, 3)) == std::vector<float>{2, 3, 4, 5, 8, 9, 10, 11});
  CHECK(numbers(slice(x, -1, 1, 2)) == std::vector<float>{1, 3, 5, 7, 9, 11});
  const Variable middle = select(x, 1, 1);
  CHECK(middle.shape() == Shape{2, 2});
  CHECK(numbers(middle) == std::vector<float>{2, 3, 8, 9});
  CHECK_THROWS_AS(slice(x, 1, 2, 4), std::invalid_argument);
}

TEST_CASE("Joining the slices gives the whole back", "[autograd][slice]") {
  const Variable x = counting({2, 3, 4});
  const int axis = GENERATE(0, 1, 2, -1);
  const std::int64_t length = x.shape()[axis];
  const Variable joined = concat({slice(x, axis, 0, 1), slice(x, axis, 1, length)}, axis);
  CHECK(joined.shape() == x.shape());
  CHECK(numbers(joined) == numbers(x));
  CHECK_THROWS_AS(concat({x, counting({2, 3, 3})}, 0), std::invalid_argument);
  CHECK_THROWS_AS(concat({}, 0), std::invalid_argument);
}

TEST_CASE("A permutation moves each element to its permuted index", "[autograd][slice]") {
  const Variable x = counting({2, 3, 4});
  const Variable y = permute(x, {2, 0, 1});
  REQUIRE(y.shape() == Shape{4, 2, 3});
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k)
        CHECK(numbers(y)[k * 6 + i * 3 + j] == numbers(x)[i * 12 + j * 4 + k]);
  CHECK_THROWS_AS(permute(x, {0, 1, 1}), std::invalid_argument);
  CHECK_THROWS_AS(permute(x, {0, 1}), std::invalid_argument);
}

TEST_CASE("Stack and repeat make a new axis and reverse turns one round", "[autograd][slice]") {
  const Variable x = counting({2, 2});
  CHECK(numbers(stack({x, x})) == std::vector<float>{0, 1, 2, 3, 0, 1, 2, 3});
  CHECK(repeat(x, 1, 3).shape() == Shape{2, 3, 2});
  CHECK(numbers(repeat(x, 1, 2)) == std::vector<float>{0, 1, 0, 1, 2, 3, 2, 3});
  CHECK(numbers(reverse(x, 0)) == std::vector<float>{2, 3, 0, 1});
  CHECK(numbers(reverse(x, 1)) == std::vector<float>{1, 0, 3, 2});
}

TEST_CASE("Slicing and joining ops pass the gradient check", "[autograd][gradient][slice]") {
  Rng rng(1);
  const Tensor x = uniform_doubles({2, 3, 2}, rng), y = uniform_doubles({2, 1, 2}, rng);
  check_gradients([](const Inputs& v) { return slice(v[0], 1, 1, 3); }, {x});
  check_gradients([](const Inputs& v) { return select(v[0], 2, 1); }, {x});
  check_gradients([](const Inputs& v) { return concat({v[0], v[1], v[0]}, 1); }, {x, y});
  check_gradients([](const Inputs& v) { return stack({v[0], v[0]}); }, {x});
  check_gradients([](const Inputs& v) { return permute(v[0], {1, 2, 0}); }, {x});
  check_gradients([](const Inputs& v) { return repeat(v[0], 2, 3); }, {x});
  check_gradients([](const Inputs& v) { return reverse(v[0], 1); }, {x});
}
