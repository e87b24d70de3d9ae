#include <algorithm>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_recurrent.hpp"
#include "engine/autograd/sequence_steps.hpp"
#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

using kernels::Backend;
using kernels::Unary;

namespace {

/// What the loops over time work on. Rows of W for r and z are apart from those for n, as
/// GruReset::before multiplies them by different things.
struct GruSequence {
  const Backend& backend;
  SequenceShape shape;
  GruReset reset;
  Tensor weight_rz, weight_n;  // [2H, H], [H, H]
  Tensor bias_n;               // [H] or undefined
  Tensor h0;
  Tensor gates;  // [T, N, 2H] r, z
  Tensor inner;  // [T, N, H] what W_n multiplies (before: r h) or gave (after: W_n h + b)
  Tensor n, y;   // [T, N, H]

  Tensor before(std::int64_t t) const { return t == 0 ? h0 : step_of(y, t - 1); }
};

template <typename T>
Tensor gate_sums(const GruSequence& gru, const Tensor& x, const Tensor& recurrent) {
  const std::int64_t h = gru.shape.units;
  Tensor sums({gru.shape.batch, 2 * h}, x.dtype());
  const T* input = x.values<T>().data();
  const T* before = recurrent.values<T>().data();
  T* sum = sums.values<T>().data();
  for (std::int64_t row = 0; row < gru.shape.batch; ++row)
    for (std::int64_t k = 0; k < 2 * h; ++k)
      sum[row * 2 * h + k] = input[row * 3 * h + k] + before[row * 2 * h + k];
  return sums;
}

/// inner of step t, which for GruReset::before is the input of W_n, else its output.
template <typename T>
void compute_inner(GruSequence& gru, std::int64_t t, const Tensor& h) {
  const std::int64_t units = gru.shape.units;
  Tensor inner = step_of(gru.inner, t);
  if (gru.reset == GruReset::after) {
    inner.copy_from(gru.backend.matmul(h, gru.weight_n, false, true));
    if (gru.bias_n.defined())
      inner.copy_from(gru.backend.binary(kernels::Binary::add, inner, gru.bias_n));
    return;
  }
  const T* gates = step_of(gru.gates, t).values<T>().data();
  const T* state = h.values<T>().data();
  T* out = inner.values<T>().data();
  for (std::int64_t row = 0; row < gru.shape.batch; ++row)
    for (std::int64_t k = 0; k < units; ++k)
      out[row * units + k] = gates[row * 2 * units + k] * state[row * units + k];
}

/// x_n plus what the recurrence adds to the candidate, [N, H].
template <typename T>
Tensor candidate_sums(const GruSequence& gru, std::int64_t t, const Tensor& x) {
  const std::int64_t h = gru.shape.units;
  const bool after = gru.reset == GruReset::after;
  const Tensor inner = step_of(gru.inner, t);
  Tensor sums = after ? inner.clone() : gru.backend.matmul(inner, gru.weight_n, false, true);
  const T* gates = step_of(gru.gates, t).values<T>().data();
  const T* input = x.values<T>().data();
  T* sum = sums.values<T>().data();
  for (std::int64_t row = 0; row < gru.shape.batch; ++row)
    for (std::int64_t k = 0; k < h; ++k) {
      const T r = after ? gates[row * 2 * h + k] : T(1);
      sum[row * h + k] = input[row * 3 * h + 2 * h + k] + r * sum[row * h + k];
    }
  return sums;
}

template <typename T>
void run_forward(GruSequence& gru, const Tensor& x) {
  const auto [steps, batch, h] = gru.shape;
  for (std::int64_t t = 0; t < steps; ++t) {
    const Tensor x_t = step_of(x, t), before = gru.before(t);
    const Tensor recurrent = gru.backend.matmul(before, gru.weight_rz, false, true);
    step_of(gru.gates, t)
        .copy_from(gru.backend.unary(Unary::sigmoid, gate_sums<T>(gru, x_t, recurrent)));
    compute_inner<T>(gru, t, before);
    step_of(gru.n, t).copy_from(gru.backend.unary(Unary::tanh, candidate_sums<T>(gru, t, x_t)));
    const T* gates = step_of(gru.gates, t).values<T>().data();
    const T* n = step_of(gru.n, t).values<T>().data();
    const T* h_before = before.values<T>().data();
    T* y = step_of(gru.y, t).values<T>().data();
    for (std::int64_t row = 0; row < batch; ++row)
      for (std::int64_t k = 0; k < h; ++k) {
        const T z = gates[row * 2 * h + h + k];
        const std::int64_t at = row * h + k;
        y[at] = (1 - z) * h_before[at] + z * n[at];
      }
  }
}

/// Gradients of one step, [N, ...].
struct GruStep {
  Tensor da_rz;     // of the sums of r and z, [N, 2H]
  Tensor da_n;      // of the candidate's sum, [N, H]
  Tensor d_weight;  // of what W_n gave, [N, H]: da_n, or r da_n
  Tensor d_before;  // of h before the step, but for what r and z pass on
};

template <typename T>
GruStep step_backward(const GruSequence& gru, std::int64_t t, const Tensor& dh) {
  const auto [steps, batch, h] = gru.shape;
  const bool after = gru.reset == GruReset::after;
  const DType dtype = dh.dtype();
  GruStep step{Tensor({batch, 2 * h}, dtype), Tensor({batch, h}, dtype), Tensor({batch, h}, dtype),
               Tensor({batch, h}, dtype)};
  const Tensor before = gru.before(t);
  const T* h_before = before.values<T>().data();
  const T* gates = step_of(gru.gates, t).values<T>().data();
  const T* n = step_of(gru.n, t).values<T>().data();
  const T* inner = step_of(gru.inner, t).values<T>().data();
  const T* dy = dh.values<T>().data();
  T* da_rz = step.da_rz.values<T>().data();
  T* d_candidate = step.da_n.values<T>().data();
  T* d_weight = step.d_weight.values<T>().data();
  T* d_before = step.d_before.values<T>().data();
  for (std::int64_t row = 0; row < batch; ++row)
    for (std::int64_t k = 0; k < h; ++k) {
      const std::int64_t at = row * h + k, r_at = row * 2 * h + k, z_at = r_at + h;
      const T r = gates[r_at], z = gates[z_at];
      const T da_n = dy[at] * z * (1 - n[at] * n[at]);
      d_candidate[at] = da_n;
      d_weight[at] = after ? r * da_n : da_n;
      d_before[at] = dy[at] * (1 - z);
      da_rz[z_at] = dy[at] * (n[at] - h_before[at]) * z * (1 - z);
      da_rz[r_at] = after ? da_n * inner[at] * r * (1 - r) : T(0);
    }
  const Tensor through = gru.backend.matmul(step.d_weight, gru.weight_n);  // [N, H]
  const T* d = through.values<T>().data();
  for (std::int64_t row = 0; row < batch; ++row)
    for (std::int64_t k = 0; k < h; ++k) {
      const std::int64_t at = row * h + k, r_at = row * 2 * h + k;
      const T r = gates[r_at];
      d_before[at] += after ? d[at] : r * d[at];
      if (!after) da_rz[r_at] = d[at] * h_before[at] * r * (1 - r);
    }
  return step;
}

struct GruGradients {
  Tensor dx;        // [T, N, 3H]
  Tensor da_rz;     // [T, N, 2H]
  Tensor d_weight;  // [T, N, H]
  Tensor dh0;       // [N, H]
};

template <typename T>
GruGradients run_backward(const GruSequence& gru, const Tensor& dy) {
  const auto [steps, batch, h] = gru.shape;
  GruGradients all{Tensor({steps, batch, 3 * h}, dy.dtype()),
                   Tensor({steps, batch, 2 * h}, dy.dtype()), Tensor({steps, batch, h}, dy.dtype()),
                   Tensor()};
  for (std::int64_t t = steps; t-- > 0;) {
    const Tensor dh = all.dh0.defined()
                          ? gru.backend.binary(kernels::Binary::add, step_of(dy, t), all.dh0)
                          : step_of(dy, t);
    const GruStep step = step_backward<T>(gru, t, dh);
    step_of(all.da_rz, t).copy_from(step.da_rz);
    step_of(all.d_weight, t).copy_from(step.d_weight);
    T* dx = step_of(all.dx, t).values<T>().data();
    for (std::int64_t row = 0; row < batch; ++row) {
      std::copy_n(step.da_rz.values<T>().data() + row * 2 * h, 2 * h, dx + row * 3 * h);
      std::copy_n(step.da_n.values<T>().data() + row * h, h, dx + row * 3 * h + 2 * h);
    }
    all.dh0 = gru.backend.binary(kernels::Binary::add, step.d_before,
                                 gru.backend.matmul(step.da_rz, gru.weight_rz));
  }
  return all;
}

/// Both parts of the weight's gradient under each other, [3H, H].
Tensor weight_gradient(const GruSequence& gru, const GruGradients& gradients) {
  const auto [steps, batch, h] = gru.shape;
  const std::int64_t rows = steps * batch;
  const Tensor before = previous_states(gru.h0, gru.y);
  const Tensor input_of_n = gru.reset == GruReset::after ? before : gru.inner.reshape({rows, h});
  Tensor result({3 * h, h}, before.dtype());
  result.rows(0, 2 * h).copy_from(
      gru.backend.matmul(gradients.da_rz.reshape({rows, 2 * h}), before, true, false));
  result.rows(2 * h, 3 * h)
      .copy_from(
          gru.backend.matmul(gradients.d_weight.reshape({rows, h}), input_of_n, true, false));
  return result;
}

}  // namespace

Variable gru_sequence(const Variable& x, const Variable& weight, const Variable& bias_n,
                      const Variable& h0, GruReset reset) {
  const SequenceShape shape = check_sequence("gru_sequence", x, weight, h0, 3, 1);
  const std::int64_t h = shape.units;
  if (bias_n.defined() && (reset == GruReset::before || bias_n.shape() != Shape{h}))
    bad_argument("gru_sequence", "expected bias_n [{}], for GruReset::after only, got {}", h,
                 to_string(bias_n.shape()));
  const auto array = [&](std::int64_t width) {
    return Tensor({shape.steps, shape.batch, width}, x.dtype());
  };
  GruSequence gru{kernels::default_for(x.dtype()),
                  shape,
                  reset,
                  weight.value().rows(0, 2 * h),
                  weight.value().rows(2 * h, 3 * h),
                  bias_n.defined() ? bias_n.value() : Tensor(),
                  h0.value(),
                  array(2 * h),
                  array(h),
                  array(h),
                  array(h)};
  return dispatch_float("gru_sequence", x.dtype(), [&]<typename T>(T) {
    run_forward<T>(gru, x.value());
    std::vector<Variable> parents = {x, weight, h0};
    if (bias_n.defined()) parents.push_back(bias_n);
    const Tensor y = gru.y;
    return Variable::make(y, parents, [gru = std::move(gru)](const Tensor& dy) {
      const GruGradients gradients = run_backward<T>(gru, dy);
      std::vector<Tensor> terms = {gradients.dx, weight_gradient(gru, gradients), gradients.dh0};
      if (gru.bias_n.defined())
        terms.push_back(gru.backend.sum_to(gradients.d_weight, gru.bias_n.shape()));
      return terms;
    });
  });
}

}  // namespace tengen
