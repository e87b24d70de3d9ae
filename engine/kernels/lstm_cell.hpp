// One step of an LSTM (ops_recurrent.hpp has the formulas) on N sequences, forward and backward:
// everything but the matrix products, in one pass over memory.
//
// float and double; float in vectors. All arrays are row-major; gates hold i, f, g, o, each of H
// units. One thread.
#pragma once

#include <cstdint>

namespace tengen::kernels {

template <typename T>
struct LstmForward {
  std::int64_t rows, units;  // N, H
  const T *x, *recurrent;    // [N, 4H], what the input and W h add to each gate
  const T* peephole;         // [3, H] p_i, p_f, p_o
  const T* cell_before;      // [N, H]
  T* gates;                  // [N, 4H] after their functions
  T *cell, *tanh_cell;       // [N, H]
  T *hidden, *state;         // [N, H] h; [N, 2H] h and c side by side
};
template <typename T>
void lstm_forward(const LstmForward<T>& step);

template <typename T>
struct LstmBackward {
  std::int64_t rows, units;
  const T* peephole;
  const T *gates, *cell_before, *tanh_cell;
  const T* dstate;   // [N, 2H] dL/d(h, c) from outside
  const T *dh, *dc;  // [N, H] what the step after gives back
  T* da;             // [N, 4H] dL/d(gate sums)
  T* dc_before;      // [N, H] dL/dc before the step; must not be dc
};
template <typename T>
void lstm_backward(const LstmBackward<T>& step);

}  // namespace tengen::kernels
