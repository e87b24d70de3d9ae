#include "engine/kernels/lstm_cell.hpp"

#include "engine/kernels/fast_math.hpp"
#include "engine/kernels/onednn/vectorised.hpp"

namespace tengen::kernels {

namespace {

constexpr std::int64_t kLanes = 16;  // units at once

template <typename T>
[[gnu::always_inline]] inline void forward_row(const LstmForward<T>& s, std::int64_t n) {
  const std::int64_t h = s.units;
  const T *x = s.x + n * 4 * h, *r = s.recurrent + n * 4 * h, *p = s.peephole;
  const T* before = s.cell_before + n * h;
  T *gates = s.gates + n * 4 * h, *cell = s.cell + n * h, *tanh_cell = s.tanh_cell + n * h;
  T *hidden = s.hidden + n * h, *state = s.state + n * 2 * h;
  in_equal_pieces<kLanes>(h, [=](std::int64_t first, auto count) {
#pragma omp simd
    for (std::int64_t k = first; k < first + count; ++k) {
      const T i = logistic_of(x[k] + r[k] + p[k] * before[k]);
      const T f = logistic_of(x[h + k] + r[h + k] + p[h + k] * before[k]);
      const T g = tanh_of(x[2 * h + k] + r[2 * h + k]);
      const T c = f * before[k] + i * g;
      const T o = logistic_of(x[3 * h + k] + r[3 * h + k] + p[2 * h + k] * c);
      const T tanh_c = tanh_of(c);
      gates[k] = i;
      gates[h + k] = f;
      gates[2 * h + k] = g;
      gates[3 * h + k] = o;
      cell[k] = state[h + k] = c;
      tanh_cell[k] = tanh_c;
      hidden[k] = state[k] = o * tanh_c;
    }
  });
}

template <typename T>
[[gnu::always_inline]] inline void backward_row(const LstmBackward<T>& s, std::int64_t n) {
  const std::int64_t h = s.units;
  const T *gates = s.gates + n * 4 * h, *before = s.cell_before + n * h, *p = s.peephole;
  const T *tanh_cell = s.tanh_cell + n * h, *dstate = s.dstate + n * 2 * h;
  const T *dh = s.dh + n * h, *dc = s.dc + n * h;
  T *da = s.da + n * 4 * h, *dc_before = s.dc_before + n * h;
  in_equal_pieces<kLanes>(h, [=](std::int64_t first, auto count) {
#pragma omp simd
    for (std::int64_t k = first; k < first + count; ++k) {
      const T i = gates[k], f = gates[h + k], g = gates[2 * h + k], o = gates[3 * h + k];
      const T dhidden = dh[k] + dstate[k];
      const T da_o = dhidden * tanh_cell[k] * o * (1 - o);
      const T dcell = dc[k] + dstate[h + k] + dhidden * o * (1 - tanh_cell[k] * tanh_cell[k]) +
                      da_o * p[2 * h + k];
      const T da_i = dcell * g * i * (1 - i);
      const T da_f = dcell * before[k] * f * (1 - f);
      da[k] = da_i;
      da[h + k] = da_f;
      da[2 * h + k] = dcell * i * (1 - g * g);
      da[3 * h + k] = da_o;
      dc_before[k] = dcell * f + da_i * p[k] + da_f * p[h + k];
    }
  });
}

}  // namespace

template <typename T>
void lstm_forward(const LstmForward<T>& step) {
  dnn::vectorised([step] {
    for (std::int64_t n = 0; n < step.rows; ++n) forward_row(step, n);
  });
}

template <typename T>
void lstm_backward(const LstmBackward<T>& step) {
  dnn::vectorised([step] {
    for (std::int64_t n = 0; n < step.rows; ++n) backward_row(step, n);
  });
}

template void lstm_forward(const LstmForward<float>&);
template void lstm_forward(const LstmForward<double>&);
template void lstm_backward(const LstmBackward<float>&);
template void lstm_backward(const LstmBackward<double>&);

}  // namespace tengen::kernels
