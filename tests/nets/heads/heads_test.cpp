#include <catch2/catch.hpp>

#include "nets/heads/ownership_head.hpp"
#include "nets/heads/policy_head.hpp"
#include "nets/heads/value_head.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/net_fixtures.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;

namespace {

constexpr NetIo kIo{.height = 3, .width = 2, .channels = 1, .actions = 7};

/// Small enough that tanh does not saturate on the large numbers of push_off_kinks().
void shrink_last_layer(ValueHead& head) {
  for (const NamedParameter& parameter : head.parameters()) {
    Tensor value = parameter.variable.value();
    if (parameter.name == "linear2.weight")
      for (float& w : value.values<float>()) w *= 0.01f;
    if (parameter.name == "linear2.bias") value.fill(0.1);
  }
}

}  // namespace

TEST_CASE("The policy head passes the gradient check", "[nets][gradient]") {
  Rng rng(1);
  PolicyHead head(kIo, 4, 2, rng);
  push_off_kinks(head);
  check_layer_gradients(head, uniform_doubles({2, 3, 2, 4}, rng));
}

TEST_CASE("The value head passes the gradient check", "[nets][gradient]") {
  Rng rng(2);
  ValueHead head(kIo, 4, 2, 6, rng);
  push_off_kinks(head);
  shrink_last_layer(head);
  check_layer_gradients(head, uniform_doubles({2, 3, 2, 4}, rng));
}

TEST_CASE("The ownership head passes the gradient check", "[nets][gradient]") {
  Rng rng(5);
  OwnershipHead head(4, rng);
  check_layer_gradients(head, uniform_doubles({2, 3, 2, 4}, rng));
}

TEST_CASE("The ownership head sees each cell by itself", "[nets]") {
  Rng rng(6);
  OwnershipHead head(4, rng);
  Tensor x = uniform_floats({1, 3, 2, 4}, rng);
  const Tensor before = head.forward(Variable(x)).value().clone();
  REQUIRE(before.shape() == Shape{1, 3, 2});
  for (float& each : x.values<float>().subspan(4 * 4, 4)) each += 1;  // of cell 4
  const Tensor after = head.forward(Variable(x)).value();
  for (std::size_t cell = 0; cell < 6; ++cell)
    CHECK((before.values<float>()[cell] == after.values<float>()[cell]) == (cell != 4));
}

TEST_CASE("Heads give one logit per action and one value per position in its range", "[nets]") {
  Rng rng(3);
  PolicyHead policy(kIo, 4, 2, rng);
  ValueHead value(kIo, 4, 1, 8, rng);
  const Variable x(uniform_floats({5, 3, 2, 4}, rng, -100, 100));
  CHECK(policy.forward(x).shape() == Shape{5, 7});
  const Variable v = value.forward(x);
  REQUIRE(v.shape() == Shape{5});
  for (float each : v.value().values<float>()) CHECK(std::abs(each) <= 1);
}

TEST_CASE("Heads have the parameters that their formulas give", "[nets]") {
  Rng rng(4);
  constexpr int trunk = 4, p = 2, v = 3, hidden = 8, cells = 6, actions = 7;
  CHECK(PolicyHead(kIo, trunk, p, rng).num_parameters() ==
        trunk * p + 2 * p + cells * p * actions + actions);
  CHECK(ValueHead(kIo, trunk, v, hidden, rng).num_parameters() ==
        trunk * v + 2 * v + cells * v * hidden + hidden + hidden + 1);
  CHECK(OwnershipHead(trunk, rng).num_parameters() == trunk + 1);
}
