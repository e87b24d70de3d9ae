#include "engine/layers/attention_memory.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_slice.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

constexpr std::int64_t kInputs = 3, kUnits = 4, kWindow = 3, kBatch = 2, kSteps = 5;

struct Fixture {
  Fixture() {
    memory.to(DType::f64);
    const Variable before(uniform_doubles({2, kBatch, kInputs}, rng));
    Tensor after = memory.forward(before).state.value();
    after.rows(1, 2).fill(0);
    state = Variable(after);
  }

  Rng rng{1};
  AttentionMemory memory{kInputs, kUnits, kWindow, rng};
  Variable x{uniform_doubles({kSteps, kBatch, kInputs}, rng)};
  Variable state;  // after two steps of sequence 0 and none of sequence 1
};

Variable steps(const Variable& x, std::int64_t first, std::int64_t last) {
  return slice(x, 0, first, last);
}

}  // namespace

TEST_CASE_METHOD(Fixture, "An attention memory takes a sequence step by step or whole",
                 "[layers][recurrent][attention]") {
  const SequenceOutput whole = memory.forward(x, state);
  REQUIRE(whole.y.shape() == Shape{kSteps, kBatch, kUnits});
  REQUIRE(whole.state.shape() == Shape{kBatch, memory.state_size()});
  Variable carried = state;
  for (std::int64_t t = 0; t < kSteps; ++t) {
    const SequenceOutput piece = memory.forward(steps(x, t, t + 1), carried);
    CHECK(relative_difference(piece.y.value(), steps(whole.y, t, t + 1).value()) < 1e-14);
    carried = piece.state;
  }
  CHECK(relative_difference(carried.value(), whole.state.value()) == 0);
}

TEST_CASE_METHOD(Fixture, "The gradients of an attention memory are right",
                 "[layers][recurrent][attention]") {
  check_module_gradients(
      memory, [&](const Variable& input) { return memory.forward(input, state).y; }, x.value());
  check_gradients([&](const auto& in) { return memory.forward(in[0], in[1]).y; },
                  {x.value(), memory.forward(x, state).state.value()});
  check_gradients([&](const auto& in) { return memory.forward(in[0], state).state; }, {x.value()});
}

TEST_CASE_METHOD(Fixture, "An attention memory sees its window and nothing before it",
                 "[layers][recurrent][attention]") {
  const Variable y = memory.forward(x, state).y;
  const auto last = [&](const Variable& rows) {
    const Variable out = memory.forward(rows).y;
    return steps(out, out.shape()[0] - 1, out.shape()[0]).value();
  };
  const Tensor expected = steps(y, kSteps - 1, kSteps).value();
  CHECK(relative_difference(last(steps(x, kSteps - kWindow, kSteps)), expected) < 1e-14);
  CHECK(relative_difference(last(steps(x, kSteps - kWindow + 1, kSteps)), expected) > 1e-3);
  // With an empty state the first step sees itself alone: as sequence 1 does, unlike sequence 0.
  const Variable first = steps(memory.forward(x).y, 0, 1);
  CHECK(relative_difference(memory.forward(steps(x, 0, 1)).y.value(), first.value()) < 1e-14);
  CHECK(relative_difference(select(first, 1, 1).value(), select(steps(y, 0, 1), 1, 1).value()) <
        1e-14);
  CHECK(relative_difference(select(first, 1, 0).value(), select(steps(y, 0, 1), 1, 0).value()) >
        1e-3);
}

TEST_CASE("Sizes that an attention memory cannot have are refused",
          "[layers][recurrent][attention]") {
  Rng rng(1);
  CHECK_THROWS_AS(AttentionMemory(3, 0, 4, rng), std::invalid_argument);
  CHECK_THROWS_AS(AttentionMemory(3, 4, 1, rng), std::invalid_argument);
}
