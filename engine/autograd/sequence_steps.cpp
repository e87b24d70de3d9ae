#include "engine/autograd/sequence_steps.hpp"

#include <cstring>

#include "engine/base/error.hpp"

namespace tengen {

namespace {

void expect(const char* where, const char* what, const Variable& got, const Shape& shape,
            DType dtype) {
  if (got.shape() != shape || got.dtype() != dtype)
    bad_argument(where, "expected {} {} {}, got {} {}", what, to_string(dtype), to_string(shape),
                 to_string(got.dtype()), to_string(got.shape()));
}

}  // namespace

SequenceShape check_sequence(const char* where, const Variable& x, const Variable& weight,
                             const Variable& state, int gates, int states) {
  if (x.shape().rank() != 3 || x.shape()[2] % gates != 0)
    bad_argument(where, "expected a sequence [T, N, {} H], got {}", gates, to_string(x.shape()));
  const SequenceShape shape{x.shape()[0], x.shape()[1], x.shape()[2] / gates};
  if (shape.steps < 1) bad_argument(where, "expected at least one step, got none");
  expect(where, "a recurrent weight", weight, {gates * shape.units, shape.units}, x.dtype());
  expect(where, "an initial state", state, {shape.batch, states * shape.units}, x.dtype());
  return shape;
}

Tensor step_of(const Tensor& sequence, std::int64_t t) {
  return sequence.rows(t, t + 1).reshape({sequence.dim(1), sequence.dim(2)});
}

Tensor previous_states(const Tensor& first, const Tensor& states) {
  const std::int64_t steps = states.dim(0), batch = states.dim(1), width = states.dim(2);
  Tensor previous({steps * batch, width}, states.dtype());
  previous.rows(0, batch).copy_from(first);
  if (steps > 1)
    previous.rows(batch, steps * batch)
        .copy_from(states.rows(0, steps - 1).reshape({(steps - 1) * batch, width}));
  return previous;
}

}  // namespace tengen
