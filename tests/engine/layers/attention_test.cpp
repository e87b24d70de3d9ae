#include "engine/layers/attention.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

Variable doubles(const Shape& shape, std::uint64_t seed) {
  Rng rng(seed);
  return Variable(uniform_doubles(shape, rng));
}

double at(const Variable& x, std::int64_t index) { return x.value().values<double>()[index]; }

}  // namespace

TEST_CASE("Attention weights sum to one and the context is their mean of the values",
          "[layers][attention][E21][E22]") {
  const Variable q = doubles({2, 3, 4}, 1), k = doubles({2, 5, 4}, 2), v = doubles({2, 5, 2}, 3);
  const Attended attended = dot_product_attention(q, k, v);
  REQUIRE(attended.weights.shape() == Shape{2, 3, 5});
  for (int row = 0; row < 6; ++row) {
    double total = 0, context = 0;
    for (int s = 0; s < 5; ++s) {
      double score = 0;
      for (int d = 0; d < 4; ++d) score += at(q, row * 4 + d) * at(k, (row / 3 * 5 + s) * 4 + d);
      const double weight = std::exp(score / 2);  // sqrt(4)
      total += weight;
      context += weight * at(v, (row / 3 * 5 + s) * 2);
    }
    CHECK(at(attended.context, row * 2) == Approx(context / total).epsilon(1e-12));
  }
}

TEST_CASE("Additive attention by hand", "[layers][attention][E21]") {
  Rng rng(4);
  AdditiveAttention attention(1, 1, 1, rng);
  attention.to(DType::f64);
  for (NamedParameter& parameter : attention.parameters())
    parameter.variable.value().fill(parameter.name.ends_with("weight") ? 1 : 0);
  const Variable query(Tensor::from<double>({1, 1, 1}, {0.5}));
  const Variable keys(Tensor::from<double>({1, 2, 1}, {1.0, -1.0}));
  const double a = std::exp(std::tanh(1.5)), b = std::exp(std::tanh(-0.5));
  const Attended attended = attention.forward(query, keys);
  CHECK(at(attended.weights, 0) == Approx(a / (a + b)).epsilon(1e-12));
  CHECK(at(attended.context, 0) == Approx((a - b) / (a + b)).epsilon(1e-12));
}

TEST_CASE("A causal mask hides the future", "[layers][attention][E22]") {
  Rng rng(5);
  MultiHeadAttention attention(4, 2, rng);
  attention.to(DType::f64);
  const Variable x = doubles({1, 5, 4}, 6);
  const Tensor mask = causal_mask(5, 5, DType::f64);
  const Variable before = attention.forward(x, x, mask);
  Variable changed(x.value().clone());
  for (int d = 0; d < 4; ++d) changed.value().values<double>()[3 * 4 + d] += 1;  // step 3
  const Variable after = attention.forward(changed, changed, mask);
  CHECK(relative_difference(slice(after, 1, 0, 3).value(), slice(before, 1, 0, 3).value()) == 0);
  CHECK(relative_difference(slice(after, 1, 3, 4).value(), slice(before, 1, 3, 4).value()) > 1e-3);
}

TEST_CASE("Padding is not looked at", "[layers][attention]") {
  Rng rng(7);
  MultiHeadAttention attention(4, 2, rng);
  attention.to(DType::f64);
  const Variable x = doubles({2, 4, 4}, 8);
  const Tensor mask = padding_mask({4, 2}, 4, 4, DType::f64);
  const Variable all = attention.forward(x, x, mask);
  const Variable second = slice(slice(x, 0, 1, 2), 1, 0, 2);  // its two real steps alone
  const Variable alone = attention.forward(second, second);
  CHECK(relative_difference(slice(slice(all, 0, 1, 2), 1, 0, 2).value(), alone.value()) < 1e-12);
}

TEST_CASE("Self-attention without positions does not know the order", "[layers][attention][E22]") {
  Rng rng(9);
  MultiHeadAttention attention(4, 2, rng);
  attention.to(DType::f64);
  const Variable x = doubles({1, 5, 4}, 10);
  const Variable y = attention.forward(x, x),
                 turned = attention.forward(reverse(x, 1), reverse(x, 1));
  CHECK(relative_difference(reverse(turned, 1).value(), y.value()) < 1e-12);
  const Variable where(positional_encoding(5, 4, DType::f64));
  const Variable placed = add(x, where), placed_turned = add(reverse(x, 1), where);
  CHECK(relative_difference(reverse(attention.forward(placed_turned, placed_turned), 1).value(),
                            attention.forward(placed, placed).value()) > 1e-3);
}

TEST_CASE("The weights of several heads are those that their answers are made of",
          "[layers][attention][E22]") {
  const int heads = GENERATE(1, 2);
  Rng rng(15);
  MultiHeadAttention attention(4, heads, rng);
  attention.to(DType::f64);
  for (NamedParameter& p : attention.parameters()) {  // values are the source, heads side by side
    if (!p.name.starts_with("value") && !p.name.starts_with("output")) continue;
    p.variable.value().fill(0);
    if (p.name.ends_with("bias")) continue;
    for (int i = 0; i < 4; ++i) p.variable.value().values<double>()[i * 4 + i] = 1;
  }
  const Variable queries = doubles({2, 3, 4}, 16), half = doubles({2, 5, 2}, 17);
  const Variable source = concat({half, half}, 2);  // the same for each of two heads
  const Tensor mask = padding_mask({5, 3}, 3, 5, DType::f64);
  const Variable answer = attention.forward(queries, source, mask);
  const Variable mean = scale(add(slice(answer, 2, 0, 2), slice(answer, 2, 2, 4)), 0.5);
  const Variable weights = attention.weights(queries, source, mask);
  CHECK(weights.shape() == Shape{2, 3, 5});
  CHECK(relative_difference(matmul(weights, half).value(), mean.value()) < 1e-12);
}

TEST_CASE("Attention layers pass the gradient check", "[layers][attention][gradient]") {
  Rng rng(11);
  const Variable keys = doubles({2, 3, 4}, 12);
  AdditiveAttention additive(4, 4, 2, rng);
  check_module_gradients(
      additive, [&](const Variable& q) { return additive.forward(q, keys).context; },
      doubles({2, 2, 4}, 13).value());
  MultiHeadAttention multi(4, 2, rng);
  check_module_gradients(
      multi, [&](const Variable& x) { return multi.forward(x, x, causal_mask(3, 3, DType::f64)); },
      doubles({2, 3, 4}, 14).value());
}

TEST_CASE("Positional encodings worked by hand", "[layers][attention][E22]") {
  const Variable encoding(positional_encoding(3, 4, DType::f64));
  CHECK(at(encoding, 0) == 0);
  CHECK(at(encoding, 1) == 1);
  CHECK(at(encoding, 8) == Approx(std::sin(2.0)));
  CHECK(at(encoding, 11) == Approx(std::cos(2.0 / 100)));
  CHECK_THROWS_AS(positional_encoding(3, 5), std::invalid_argument);
}

TEST_CASE("Heads must divide the width", "[layers][attention]") {
  Rng rng(1);
  CHECK_THROWS_WITH(MultiHeadAttention(6, 4, rng),
                    "[MultiHeadAttention] expected heads that divide the width 6, got 4");
}
