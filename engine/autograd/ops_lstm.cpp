#include <algorithm>
#include <utility>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_recurrent.hpp"
#include "engine/autograd/sequence_steps.hpp"
#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/kernels/lstm_cell.hpp"

namespace tengen {

namespace {

/// What the loops over time work on. `hidden` and `cells` begin with the initial state, so that
/// their first T blocks are what each step starts from.
struct LstmSequence {
  LstmSequence(const SequenceShape& sequence, const Tensor& w, DType dtype)
      : backend(kernels::default_for(dtype)),
        shape(sequence),
        weight(w),
        peephole(Tensor::zeros({3, shape.units}, dtype)),
        hidden({shape.steps + 1, shape.batch, shape.units}, dtype),
        cells(hidden.shape(), dtype),
        gates({shape.steps, shape.batch, 4 * shape.units}, dtype),
        tanh_cells({shape.steps, shape.batch, shape.units}, dtype) {}

  /// All that the steps start from, [T N, H].
  Tensor before(const Tensor& steps) const {
    return steps.rows(0, shape.steps).reshape({shape.steps * shape.batch, shape.units});
  }

  const kernels::Backend& backend;
  SequenceShape shape;
  Tensor weight, peephole;  // peephole: zeros where there is none
  Tensor hidden, cells;     // [T + 1, N, H]
  Tensor gates;             // [T, N, 4H] i, f, g, o after their functions
  Tensor tanh_cells;        // [T, N, H] of the cells after each step
};

/// The numbers of step t of [T, N, K].
template <typename T>
T* at(Tensor& steps, std::int64_t t) {
  return steps.values<T>().data() + t * steps.dim(1) * steps.dim(2);
}
template <typename T>
const T* at(const Tensor& steps, std::int64_t t) {
  return steps.values<T>().data() + t * steps.dim(1) * steps.dim(2);
}

/// [N, 2H] <-> h and c [N, H].
template <typename T>
void split_state(const Tensor& state, T* h, T* c, std::int64_t units) {
  const T* from = state.values<T>().data();
  for (std::int64_t n = 0; n < state.dim(0); ++n, from += 2 * units) {
    std::copy_n(from, units, h + n * units);
    std::copy_n(from + units, units, c + n * units);
  }
}
template <typename T>
Tensor join_state(const Tensor& h, const Tensor& c) {
  const std::int64_t units = h.dim(1);
  Tensor state({h.dim(0), 2 * units}, h.dtype());
  T* to = state.values<T>().data();
  for (std::int64_t n = 0; n < h.dim(0); ++n, to += 2 * units) {
    std::copy_n(h.values<T>().data() + n * units, units, to);
    std::copy_n(c.values<T>().data() + n * units, units, to + units);
  }
  return state;
}

/// Fills `lstm` and returns the states [T, N, 2H].
template <typename T>
Tensor run_forward(LstmSequence& lstm, const Tensor& x, const Tensor& state0) {
  const auto [steps, batch, units] = lstm.shape;
  Tensor states({steps, batch, 2 * units}, x.dtype());
  split_state(state0, at<T>(lstm.hidden, 0), at<T>(lstm.cells, 0), units);
  for (std::int64_t t = 0; t < steps; ++t) {
    const Tensor recurrent = lstm.backend.matmul(step_of(lstm.hidden, t), lstm.weight, false, true);
    kernels::lstm_forward<T>({.rows = batch,
                              .units = units,
                              .x = at<T>(x, t),
                              .recurrent = recurrent.values<T>().data(),
                              .peephole = lstm.peephole.values<T>().data(),
                              .cell_before = at<T>(lstm.cells, t),
                              .gates = at<T>(lstm.gates, t),
                              .cell = at<T>(lstm.cells, t + 1),
                              .tanh_cell = at<T>(lstm.tanh_cells, t),
                              .hidden = at<T>(lstm.hidden, t + 1),
                              .state = at<T>(states, t)});
  }
  return states;
}

struct LstmGradients {
  Tensor da;      // [T, N, 4H] of the gate sums
  Tensor dh, dc;  // [N, H] of the initial state
};

template <typename T>
LstmGradients run_backward(const LstmSequence& lstm, const Tensor& dstates) {
  const auto [steps, batch, units] = lstm.shape;
  const DType dtype = dstates.dtype();
  LstmGradients gradients{Tensor(lstm.gates.shape(), dtype), Tensor::zeros({batch, units}, dtype),
                          Tensor::zeros({batch, units}, dtype)};
  Tensor dc_before({batch, units}, dtype);
  for (std::int64_t t = steps; t-- > 0;) {
    kernels::lstm_backward<T>({.rows = batch,
                               .units = units,
                               .peephole = lstm.peephole.values<T>().data(),
                               .gates = at<T>(lstm.gates, t),
                               .cell_before = at<T>(lstm.cells, t),
                               .tanh_cell = at<T>(lstm.tanh_cells, t),
                               .dstate = at<T>(dstates, t),
                               .dh = gradients.dh.values<T>().data(),
                               .dc = gradients.dc.values<T>().data(),
                               .da = at<T>(gradients.da, t),
                               .dc_before = dc_before.values<T>().data()});
    std::swap(gradients.dc, dc_before);
    gradients.dh = lstm.backend.matmul(step_of(gradients.da, t), lstm.weight);
  }
  return gradients;
}

/// dL/d(peephole) [3, H]: each gate's gradient times the cell that it looked at.
template <typename T>
Tensor peephole_gradient(const LstmSequence& lstm, const Tensor& da) {
  const auto [steps, batch, h] = lstm.shape;
  Tensor result = Tensor::zeros({3, h}, da.dtype());
  T* dp = result.values<T>().data();
  const T *a = da.values<T>().data(), *before = lstm.cells.values<T>().data();
  const T* after = before + batch * h;
  for (std::int64_t row = 0; row < steps * batch; ++row, a += 4 * h, before += h, after += h)
    for (std::int64_t k = 0; k < h; ++k) {
      dp[k] += a[k] * before[k];
      dp[h + k] += a[h + k] * before[k];
      dp[2 * h + k] += a[3 * h + k] * after[k];
    }
  return result;
}

template <typename T>
std::vector<Tensor> backward(const LstmSequence& lstm, const Tensor& dstates, bool peepholes) {
  const auto [steps, batch, units] = lstm.shape;
  const LstmGradients gradients = run_backward<T>(lstm, dstates);
  const Tensor rows = gradients.da.reshape({steps * batch, 4 * units});
  std::vector<Tensor> terms = {gradients.da,
                               lstm.backend.matmul(rows, lstm.before(lstm.hidden), true, false),
                               join_state<T>(gradients.dh, gradients.dc)};
  if (peepholes) terms.push_back(peephole_gradient<T>(lstm, gradients.da));
  return terms;
}

void check_peephole(const Variable& peephole, const Variable& x, std::int64_t units) {
  if (peephole.shape() != Shape{3, units} || peephole.dtype() != x.dtype())
    bad_argument("lstm_sequence", "expected peepholes {} [3, {}], got {} {}", to_string(x.dtype()),
                 units, to_string(peephole.dtype()), to_string(peephole.shape()));
}

}  // namespace

Variable lstm_sequence(const Variable& x, const Variable& weight, const Variable& peephole,
                       const Variable& state0) {
  const SequenceShape shape = check_sequence("lstm_sequence", x, weight, state0, 4, 2);
  LstmSequence lstm(shape, weight.value(), x.dtype());
  std::vector<Variable> parents = {x, weight, state0};
  if (peephole.defined()) {
    check_peephole(peephole, x, shape.units);
    lstm.peephole = peephole.value();
    parents.push_back(peephole);
  }
  return dispatch_float("lstm_sequence", x.dtype(), [&]<typename T>(T) {
    const Tensor states = run_forward<T>(lstm, x.value(), state0.value());
    return Variable::make(states, std::move(parents),
                          [lstm, peepholes = peephole.defined()](const Tensor& dy) {
                            return backward<T>(lstm, dy, peepholes);
                          });
  });
}

}  // namespace tengen
