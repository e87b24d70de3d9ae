#include "engine/layers/transformer.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_slice.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;
using Activation = TransformerOptions::Activation;

namespace {

TransformerOptions small(bool pre_norm, Activation activation = Activation::gelu) {
  return {.width = 4, .heads = 2, .hidden = 5, .activation = activation, .pre_norm = pre_norm};
}

Tensor floats(const Shape& shape, std::uint64_t seed) {
  Rng rng(seed);
  return random_tensor(shape, rng);
}

/// `x` [1, T, D] with other numbers from step `from` on.
Variable with_other_future(const Tensor& x, std::int64_t from) {
  Rng rng(99);
  const std::int64_t steps = x.dim(1), width = x.dim(2);
  const Variable other(random_tensor({1, steps - from, width}, rng));
  return concat({slice(Variable(x), 1, 0, from), other}, 1);
}

bool same_bits(const Variable& a, const Variable& b) {
  return std::ranges::equal(a.value().values<float>(), b.value().values<float>());
}

}  // namespace

TEST_CASE("Transformer blocks pass the gradient check", "[layers][transformer][gradient][E22]") {
  const bool pre_norm = GENERATE(true, false);
  const Activation activation = GENERATE(Activation::gelu, Activation::relu);
  Rng rng(1);
  TransformerEncoderBlock encoder(small(pre_norm, activation), rng);
  TransformerDecoderBlock decoder(small(pre_norm, activation), rng);
  const Tensor mask = causal_mask(3, 3, DType::f64);
  const Tensor padding = padding_mask({3, 2}, 3, 4, DType::f64);
  const Variable source(uniform_doubles({2, 4, 4}, rng));
  const Tensor x = uniform_doubles({2, 3, 4}, rng);
  check_module_gradients(
      encoder, [&](const Variable& in) { return encoder.forward(in, mask); }, x);
  check_module_gradients(
      decoder, [&](const Variable& in) { return decoder.forward(in, source, mask, padding); }, x);
  decoder.to(DType::f64);
  const Variable target(x);
  check_gradients(  // the way back into the encoder
      [&](const std::vector<Variable>& in) {
        return decoder.forward(target, in[0], mask, padding);
      },
      {source.value()});
}

TEST_CASE("Later steps leave earlier outputs of a causal block untouched to the bit",
          "[layers][transformer][E22]") {
  const bool pre_norm = GENERATE(true, false);
  Rng rng(2);
  TransformerEncoderBlock encoder(small(pre_norm), rng);
  TransformerDecoderBlock decoder(small(pre_norm), rng);
  const Tensor x = floats({1, 6, 4}, 3), mask = causal_mask(6, 6);
  const Variable source(floats({1, 5, 4}, 4));
  const Variable one = encoder.forward(Variable(x), mask);
  const Variable two = decoder.forward(Variable(x), source, mask);
  for (std::int64_t from = 1; from < 6; ++from) {
    const Variable changed = with_other_future(x, from);
    const auto past = [&](const Variable& y) { return slice(y, 1, 0, from); };
    CHECK(same_bits(past(encoder.forward(changed, mask)), past(one)));
    CHECK(same_bits(past(decoder.forward(changed, source, mask)), past(two)));
    CHECK_FALSE(same_bits(encoder.forward(changed, mask), one));
  }
}

TEST_CASE("Padding changes nothing for the real steps of a transformer block",
          "[layers][transformer]") {
  Rng rng(5);
  TransformerEncoderBlock encoder(small(true), rng);
  TransformerDecoderBlock decoder(small(true), rng);
  const Tensor x = floats({1, 5, 4}, 6);
  const Tensor mask = padding_mask({3}, 5, 5), source_mask = padding_mask({3}, 5, 5);
  const Variable changed = with_other_future(x, 3);
  const auto real = [](const Variable& y) { return slice(y, 1, 0, 3); };
  CHECK(same_bits(real(encoder.forward(changed, mask)), real(encoder.forward(Variable(x), mask))));
  const Variable target(floats({1, 5, 4}, 7));
  CHECK(same_bits(decoder.forward(target, changed, causal_mask(5, 5), source_mask),
                  decoder.forward(target, Variable(x), causal_mask(5, 5), source_mask)));
  const Variable alone = encoder.forward(real(Variable(x)));
  CHECK(relative_difference(real(encoder.forward(Variable(x), mask)).value(), alone.value()) <
        1e-6);
}

TEST_CASE("A transformer block with weights of zero is its norm or the identity",
          "[layers][transformer]") {
  const bool pre_norm = GENERATE(true, false);
  Rng rng(8);
  TransformerEncoderBlock block(small(pre_norm), rng);
  for (NamedParameter& parameter : block.parameters())
    if (!parameter.name.ends_with("gamma")) parameter.variable.value().fill(0);
  const Variable x(Tensor::from<float>({1, 1, 4}, {1, 2, 3, 6}));
  const Variable y = block.forward(x);
  const double deviation = std::sqrt(3.5);  // mean 3, squares 4 + 1 + 0 + 9
  for (std::size_t i = 0; i < 4; ++i) {
    const double in = x.value().values<float>()[i];
    CHECK(y.value().values<float>()[i] ==
          Approx(pre_norm ? in : (in - 3) / deviation).margin(1e-4));
  }
}

TEST_CASE("Dropout in a transformer block acts in training alone", "[layers][transformer]") {
  Rng rng(9);
  TransformerOptions options = small(true);
  options.dropout = 0.5;
  TransformerEncoderBlock block(options, rng);
  const Variable x(floats({2, 3, 4}, 10));
  CHECK_FALSE(same_bits(block.forward(x), block.forward(x)));
  block.eval();
  CHECK(same_bits(block.forward(x), block.forward(x)));
}
