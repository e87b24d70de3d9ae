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
                                BlockForm::bottleneck_preact};

}  // namespace

TEST_CASE("Every form of block passes the gradient check in both modes", "[nets][gradient]") {
  const BlockForm form = GENERATE(from_range(std::begin(kForms), std::end(kForms)));
  CAPTURE(to_string(form));
  Rng rng(1);
  const auto block = make_block(form, 4, 2, rng);
  push_off_kinks(*block);
  const Tensor x = uniform_doubles({2, 3, 3, 4}, rng, 0.1, 1);
  check_layer_gradients(*block, x);
  block->eval();
  check_layer_gradients(*block, x);
}

TEST_CASE("Every form of block is the identity once its last layer is zero", "[nets]") {
  const BlockForm form = GENERATE(from_range(std::begin(kForms), std::end(kForms)));
  CAPTURE(to_string(form));
  Rng rng(2);
  const auto block = make_block(form, 4, 2, rng);
  // Post-activation ends in a norm, whose beta starts at 0; pre-activation in a convolution.
  const std::string last = is_bottleneck(form) ? "3" : "2";
  const std::string name =
      is_preactivation(form) ? "conv" + last + ".weight" : "norm" + last + ".gamma";
  for (const NamedParameter& parameter : block->parameters())
    if (parameter.name == name) Variable(parameter.variable).value().fill(0);
  const Tensor x = uniform_floats({2, 3, 3, 4}, rng, 0, 1);
  CHECK(std::ranges::equal(block->forward(Variable(x)).value().values<float>(), x.values<float>()));
}

TEST_CASE("Blocks have the parameters that their formulas give", "[nets]") {
  Rng rng(3);
  constexpr int c = 6, b = 3;
  CHECK(make_block(BlockForm::basic, c, b, rng)->num_parameters() == 2 * (9 * c * c + 2 * c));
  CHECK(make_block(BlockForm::preact, c, b, rng)->num_parameters() == 2 * (9 * c * c + 2 * c));
  CHECK(make_block(BlockForm::bottleneck, c, b, rng)->num_parameters() ==
        2 * c * b + 9 * b * b + 2 * (b + b + c));
  CHECK(make_block(BlockForm::bottleneck_preact, c, b, rng)->num_parameters() ==
        2 * c * b + 9 * b * b + 2 * (c + b + b));
}

TEST_CASE("Forms of block are named and parsed", "[nets]") {
  for (BlockForm form : kForms) CHECK(parse_block_form(to_string(form)) == form);
  CHECK_THROWS_AS(parse_block_form("wide"), std::invalid_argument);
}
