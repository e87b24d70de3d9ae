#include "engine/autograd/ops_recurrent.hpp"
#include "engine/autograd/sequence_steps.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

using kernels::Backend;
using kernels::Binary;
using kernels::Unary;

namespace {

Unary function_of(RnnActivation activation) {
  switch (activation) {
    case RnnActivation::relu:
      return Unary::relu;
    case RnnActivation::sigmoid:
      return Unary::sigmoid;
    case RnnActivation::tanh:
      break;
  }
  return Unary::tanh;
}

/// dL/d(pre-activation) of every step, [T, N, H], and dL/dh0 into `carried`.
Tensor backward_through_time(const Backend& backend, Unary f, const Tensor& dy, const Tensor& y,
                             const Tensor& weight, Tensor& carried) {
  Tensor da(y.shape(), y.dtype());
  for (std::int64_t t = y.dim(0); t-- > 0;) {
    Tensor dh = step_of(dy, t);
    if (carried.defined()) dh = backend.binary(Binary::add, dh, carried);
    const Tensor h = step_of(y, t);
    const Tensor da_t = backend.unary_backward(f, dh, h, h);  // these f' are functions of h alone
    step_of(da, t).copy_from(da_t);
    carried = backend.matmul(da_t, weight);
  }
  return da;
}

}  // namespace

Variable rnn_sequence(const Variable& x, const Variable& weight, const Variable& h0,
                      RnnActivation activation) {
  const SequenceShape shape = check_sequence("rnn_sequence", x, weight, h0, 1, 1);
  const Backend& backend = kernels::default_for(x.dtype());
  const Unary f = function_of(activation);
  Tensor y(x.shape(), x.dtype());
  Tensor h = h0.value();
  for (std::int64_t t = 0; t < shape.steps; ++t) {
    const Tensor recurrent = backend.matmul(h, weight.value(), false, true);
    h = backend.unary(f, backend.binary(Binary::add, step_of(x.value(), t), recurrent));
    step_of(y, t).copy_from(h);
  }
  return Variable::make(
      y, {x, weight, h0},
      [&backend, f, y, weight = weight.value(), h0 = h0.value()](const Tensor& dy) {
        Tensor dh0;
        const Tensor da = backward_through_time(backend, f, dy, y, weight, dh0);
        const Tensor rows = da.reshape({da.dim(0) * da.dim(1), da.dim(2)});
        const Tensor dweight = backend.matmul(rows, previous_states(h0, y), true, false);
        return std::vector<Tensor>{da, dweight, dh0};
      });
}

}  // namespace tengen
