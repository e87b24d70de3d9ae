#include <span>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_recurrent.hpp"
#include "engine/autograd/sequence_steps.hpp"
#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

using kernels::Backend;
using kernels::Unary;

namespace {

/// One row (one sequence at one step) of each array; gates hold i, f, g, o after their functions.
template <typename T>
struct LstmRow {
  T* gates;            // [4H]
  const T* previous;   // [2H] h and c before the step
  T* state;            // [2H] h and c after it
  const T* peephole;   // [3H] or null
  std::int64_t units;  // H

  T i(std::int64_t k) const { return gates[k]; }
  T f(std::int64_t k) const { return gates[units + k]; }
  T g(std::int64_t k) const { return gates[2 * units + k]; }
  T o(std::int64_t k) const { return gates[3 * units + k]; }
  T c_before(std::int64_t k) const { return previous[units + k]; }
};

/// What the loops over time work on. Everything is [T, N, ...] but the weights and state0.
struct LstmSequence {
  const Backend& backend;
  SequenceShape shape;
  Tensor weight, peephole, state0;
  Tensor gates;   // [T, N, 4H] i, f, g, o
  Tensor states;  // [T, N, 2H]
  Tensor tanh_c;  // [T, N, H]

  template <typename T>
  LstmRow<T> row(std::int64_t t, std::int64_t n) {
    const std::int64_t h = shape.units, at = t * shape.batch + n;
    const T* before = t == 0 ? state0.values<T>().data() + n * 2 * h
                             : states.values<T>().data() + (at - shape.batch) * 2 * h;
    return {gates.values<T>().data() + at * 4 * h, before, states.values<T>().data() + at * 2 * h,
            peephole.defined() ? peephole.values<T>().data() : nullptr, h};
  }
};

/// The h half of [N, 2H], contiguous.
template <typename T>
Tensor hidden_of(const Tensor& state, std::int64_t units) {
  Tensor h({state.dim(0), units}, state.dtype());
  const T* from = state.values<T>().data();
  T* to = h.values<T>().data();
  for (std::int64_t n = 0; n < state.dim(0); ++n)
    std::copy_n(from + n * 2 * units, units, to + n * units);
  return h;
}

template <typename T>
T logistic(T x) {
  return 1 / (1 + std::exp(-x));
}

/// gates of step t from x_t + W h: i and f with peepholes from c, then s(.), and tanh for g. One
/// vectorised logistic does for all, as tanh(x) = 2 s(2x) - 1.
template <typename T>
void activate_gates(LstmSequence& lstm, std::int64_t t, const Tensor& x, const Tensor& recurrent) {
  const std::int64_t h = lstm.shape.units;
  Tensor sums({lstm.shape.batch, 4 * h}, x.dtype());
  for (std::int64_t n = 0; n < lstm.shape.batch; ++n) {
    const LstmRow<T> row = lstm.row<T>(t, n);
    const T* in = x.values<T>().data() + n * 4 * h;
    const T* rec = recurrent.values<T>().data() + n * 4 * h;
    T* sum = sums.values<T>().data() + n * 4 * h;
    for (std::int64_t k = 0; k < 4 * h; ++k) sum[k] = in[k] + rec[k];
    for (std::int64_t k = 2 * h; k < 3 * h; ++k) sum[k] *= 2;
    if (!row.peephole) continue;
    for (std::int64_t k = 0; k < 2 * h; ++k) sum[k] += row.peephole[k] * row.c_before(k % h);
  }
  step_of(lstm.gates, t).copy_from(lstm.backend.unary(Unary::sigmoid, sums));
  for (std::int64_t n = 0; n < lstm.shape.batch; ++n) {
    T* g = lstm.row<T>(t, n).gates + 2 * h;
    for (std::int64_t k = 0; k < h; ++k) g[k] = 2 * g[k] - 1;
  }
}

/// c' and h' of step t; with peepholes the output gate is recomputed from c'.
template <typename T>
void update_states(LstmSequence& lstm, std::int64_t t, const Tensor& x, const Tensor& recurrent) {
  const std::int64_t h = lstm.shape.units;
  Tensor cells({lstm.shape.batch, h}, x.dtype());
  for (std::int64_t n = 0; n < lstm.shape.batch; ++n) {
    const LstmRow<T> row = lstm.row<T>(t, n);
    T* c = cells.values<T>().data() + n * h;
    for (std::int64_t k = 0; k < h; ++k)
      row.state[h + k] = c[k] = row.f(k) * row.c_before(k) + row.i(k) * row.g(k);
  }
  const Tensor tanh_c = lstm.backend.unary(Unary::tanh, cells);
  step_of(lstm.tanh_c, t).copy_from(tanh_c);
  for (std::int64_t n = 0; n < lstm.shape.batch; ++n) {
    const LstmRow<T> row = lstm.row<T>(t, n);
    const T* th = tanh_c.values<T>().data() + n * h;
    if (row.peephole) {
      const T* in = x.values<T>().data() + n * 4 * h + 3 * h;
      const T* rec = recurrent.values<T>().data() + n * 4 * h + 3 * h;
      for (std::int64_t k = 0; k < h; ++k)
        row.gates[3 * h + k] =
            logistic(in[k] + rec[k] + row.peephole[2 * h + k] * row.state[h + k]);
    }
    for (std::int64_t k = 0; k < h; ++k) row.state[k] = row.o(k) * th[k];
  }
}

template <typename T>
void run_forward(LstmSequence& lstm, const Tensor& x) {
  for (std::int64_t t = 0; t < lstm.shape.steps; ++t) {
    const Tensor before = t == 0 ? lstm.state0 : step_of(lstm.states, t - 1);
    const Tensor h = hidden_of<T>(before, lstm.shape.units);
    const Tensor recurrent = lstm.backend.matmul(h, lstm.weight, false, true);
    activate_gates<T>(lstm, t, step_of(x, t), recurrent);
    update_states<T>(lstm, t, step_of(x, t), recurrent);
  }
}

/// From dL/dh and dL/dc after a step to dL/d(gate sums) into `da` [4H] and dL/dc before it, which
/// replaces `dc`.
template <typename T>
void step_backward(const LstmRow<T>& row, const T* tanh_c, const T* dh, T* dc, T* da) {
  const std::int64_t h = row.units;
  for (std::int64_t k = 0; k < h; ++k) {
    const T i = row.i(k), f = row.f(k), g = row.g(k), o = row.o(k);
    const T da_o = dh[k] * tanh_c[k] * o * (1 - o);
    T dcell = dc[k] + dh[k] * o * (1 - tanh_c[k] * tanh_c[k]);
    if (row.peephole) dcell += da_o * row.peephole[2 * h + k];
    const T da_i = dcell * g * i * (1 - i);
    const T da_f = dcell * row.c_before(k) * f * (1 - f);
    da[k] = da_i;
    da[h + k] = da_f;
    da[2 * h + k] = dcell * i * (1 - g * g);
    da[3 * h + k] = da_o;
    dc[k] = dcell * f;
    if (row.peephole) dc[k] += da_i * row.peephole[k] + da_f * row.peephole[h + k];
  }
}

struct LstmGradients {
  Tensor da;       // [T, N, 4H]
  Tensor dstate0;  // [N, 2H]
};

template <typename T>
LstmGradients run_backward(LstmSequence& lstm, const Tensor& dstates) {
  const auto [steps, batch, h] = lstm.shape;
  LstmGradients result{Tensor(lstm.gates.shape(), dstates.dtype()),
                       Tensor::zeros({batch, 2 * h}, dstates.dtype())};
  Tensor dh = Tensor::zeros({batch, h}, dstates.dtype());  // carried back from the step after
  Tensor dc = Tensor::zeros({batch, h}, dstates.dtype());
  for (std::int64_t t = steps; t-- > 0;) {
    Tensor da = step_of(result.da, t);
    for (std::int64_t n = 0; n < batch; ++n) {
      const T* from = dstates.values<T>().data() + (t * batch + n) * 2 * h;
      T* dh_row = dh.values<T>().data() + n * h;
      T* dc_row = dc.values<T>().data() + n * h;
      for (std::int64_t k = 0; k < h; ++k) dh_row[k] += from[k], dc_row[k] += from[h + k];
      step_backward<T>(lstm.row<T>(t, n), lstm.tanh_c.values<T>().data() + (t * batch + n) * h,
                       dh_row, dc_row, da.values<T>().data() + n * 4 * h);
    }
    dh = lstm.backend.matmul(da, lstm.weight);
  }
  for (std::int64_t n = 0; n < batch; ++n) {
    T* to = result.dstate0.values<T>().data() + n * 2 * h;
    std::copy_n(dh.values<T>().data() + n * h, h, to);
    std::copy_n(dc.values<T>().data() + n * h, h, to + h);
  }
  return result;
}

/// dL/d(peephole) [3, H]: each gate's gradient times the cell that it looked at.
template <typename T>
Tensor peephole_gradient(LstmSequence& lstm, const Tensor& da) {
  const std::int64_t h = lstm.shape.units;
  Tensor result = Tensor::zeros({3, h}, da.dtype());
  T* dp = result.values<T>().data();
  for (std::int64_t t = 0; t < lstm.shape.steps; ++t)
    for (std::int64_t n = 0; n < lstm.shape.batch; ++n) {
      const LstmRow<T> row = lstm.row<T>(t, n);
      const T* a = da.values<T>().data() + (t * lstm.shape.batch + n) * 4 * h;
      for (std::int64_t k = 0; k < h; ++k) {
        dp[k] += a[k] * row.c_before(k);
        dp[h + k] += a[h + k] * row.c_before(k);
        dp[2 * h + k] += a[3 * h + k] * row.state[h + k];
      }
    }
  return result;
}

template <typename T>
std::vector<Tensor> backward(LstmSequence& lstm, const Tensor& dstates) {
  const auto [steps, batch, h] = lstm.shape;
  LstmGradients gradients = run_backward<T>(lstm, dstates);
  const Tensor hidden = hidden_of<T>(previous_states(lstm.state0, lstm.states), h);  // [T N, H]
  const Tensor rows = gradients.da.reshape({steps * batch, 4 * h});
  std::vector<Tensor> terms = {gradients.da, lstm.backend.matmul(rows, hidden, true, false),
                               gradients.dstate0};
  if (lstm.peephole.defined()) terms.push_back(peephole_gradient<T>(lstm, gradients.da));
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
  if (peephole.defined()) check_peephole(peephole, x, shape.units);
  const auto array = [&](std::int64_t width) {
    return Tensor({shape.steps, shape.batch, width}, x.dtype());
  };
  LstmSequence lstm{kernels::default_for(x.dtype()),
                    shape,
                    weight.value(),
                    peephole.defined() ? peephole.value() : Tensor(),
                    state0.value(),
                    array(4 * shape.units),
                    array(2 * shape.units),
                    array(shape.units)};
  return dispatch_float("lstm_sequence", x.dtype(), [&]<typename T>(T) {
    run_forward<T>(lstm, x.value());
    std::vector<Variable> parents = {x, weight, state0};
    if (peephole.defined()) parents.push_back(peephole);
    const Tensor states = lstm.states;
    return Variable::make(states, parents, [lstm = std::move(lstm)](const Tensor& dy) mutable {
      return backward<T>(lstm, dy);
    });
  });
}

}  // namespace tengen
