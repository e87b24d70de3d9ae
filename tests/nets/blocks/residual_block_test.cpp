#include "nets/blocks/residual_block.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/gradient_check.hpp"
#include "tests/support/net_fixtures.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;

namespace {

constexpr BlockForm kForms[] = {BlockForm::basic, BlockForm::preact, BlockForm::bottleneck,
                                BlockForm::bottleneck_preact, BlockForm::pyramid};

std::unique_ptr<GraphLayer> block_of(BlockForm form, int channels, int inner, Rng& rng) {
  return make_block({.form = form, .channels = channels, .outputs = channels, .inner = inner}, rng);
}

}  // namespace

TEST_CASE("Every form of block passes the gradient check in both modes", "[nets][gradient]") {
  const BlockForm form = GENERATE(from_range(std::begin(kForms), std::end(kForms)));
  CAPTURE(to_string(form));
  Rng rng(1);
  const auto block = block_of(form, 4, 2, rng);
  push_off_kinks(*block);
  const Tensor x = uniform_doubles({2, 3, 3, 4}, rng, 0.1, 1);
  check_layer_gradients(*block, x);
  block->eval();
  check_layer_gradients(*block, x);
}

TEST_CASE("Every form of block is the identity once its last layer is zero", "[nets][F4]") {
  const BlockForm form = GENERATE(from_range(std::begin(kForms), std::end(kForms)));
  CAPTURE(to_string(form));
  Rng rng(2);
  const auto block = block_of(form, 4, 2, rng);
  // Post-activation ends in a norm, whose beta starts at 0; pre-activation in a convolution.
  const std::string last = is_bottleneck(form) || form == BlockForm::pyramid ? "3" : "2";
  const bool ends_in_norm = !is_preactivation(form) || form == BlockForm::pyramid;
  const std::string name = !ends_in_norm ? "conv" + last + ".weight" : "norm" + last + ".gamma";
  for (const NamedParameter& parameter : block->parameters())
    if (parameter.name == name) Variable(parameter.variable).value().fill(0);
  const Tensor x = uniform_floats({2, 3, 3, 4}, rng, 0, 1);
  CHECK(std::ranges::equal(block->forward(Variable(x)).value().values<float>(), x.values<float>()));
}

TEST_CASE("Blocks have the parameters that their formulas give", "[nets]") {
  Rng rng(3);
  constexpr int c = 6, b = 3;
  CHECK(block_of(BlockForm::basic, c, b, rng)->num_parameters() == 2 * (9 * c * c + 2 * c));
  CHECK(block_of(BlockForm::preact, c, b, rng)->num_parameters() == 2 * (9 * c * c + 2 * c));
  CHECK(block_of(BlockForm::bottleneck, c, b, rng)->num_parameters() ==
        2 * c * b + 9 * b * b + 2 * (b + b + c));
  CHECK(block_of(BlockForm::bottleneck_preact, c, b, rng)->num_parameters() ==
        2 * c * b + 9 * b * b + 2 * (c + b + b));
}

TEST_CASE("A block of a pyramid fills its shortcut with zeros", "[nets][F5]") {
  Rng rng(4);
  const auto block = make_block({.form = BlockForm::pyramid, .channels = 3, .outputs = 5}, rng);
  CHECK(block->num_parameters() == 9 * 3 * 5 + 9 * 5 * 5 + 2 * (3 + 5 + 5));
  for (const NamedParameter& parameter : block->parameters())
    if (parameter.name == "norm3.gamma") Variable(parameter.variable).value().fill(0);
  const Tensor x = uniform_floats({1, 2, 2, 3}, rng);
  const Tensor y = block->forward(Variable(x)).value();
  REQUIRE(y.shape() == Shape{1, 2, 2, 5});
  for (std::size_t i = 0; i < 4 * 5; ++i)
    CHECK(y.values<float>()[i] == (i % 5 < 3 ? x.values<float>()[i / 5 * 3 + i % 5] : 0));
}

TEST_CASE("Dropout of a wide block acts in training alone", "[nets][F5]") {
  Rng rng(5);
  const auto block = make_block({.form = BlockForm::preact, .channels = 4, .dropout = 0.5}, rng);
  const Variable x(uniform_floats({2, 4, 4, 4}, rng));
  block->eval();
  const Tensor first = block->forward(x).value(), second = block->forward(x).value();
  CHECK(std::ranges::equal(first.values<float>(), second.values<float>()));
  block->train();
  block->reseed(Rng(1));
  const Tensor third = block->forward(x).value(), fourth = block->forward(x).value();
  CHECK(!std::ranges::equal(third.values<float>(), fourth.values<float>()));
  block->reseed(Rng(1));
  CHECK(std::ranges::equal(third.values<float>(), block->forward(x).value().values<float>()));
}

TEST_CASE("Forms of block are named and parsed", "[nets]") {
  for (BlockForm form : kForms) CHECK(parse_block_form(to_string(form)) == form);
  CHECK_THROWS_AS(parse_block_form("wide"), std::invalid_argument);
}
