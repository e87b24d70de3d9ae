// Recurrent layers over a whole sequence as one op each: the loop over time, forward and backward
// through time (BPTT), without a tape node per step.
//
// T steps, N sequences, H units. `x` [T, N, gates H] is what the input contributes to each gate,
// W_in x_t + b, which is one matrix product for all steps and so is left to the caller; `weight`
// [gates H, H] is W, the recurrent one. The backward pass accumulates the gradient of `weight` in
// one matrix product over all steps too.
// Checked by finite differences and, as chains of plain ops, in tests/engine/autograd.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

enum class RnnActivation { tanh, relu, sigmoid };

/// The simple (Elman 1990) recurrence h_t = f(x_t + W h_{t-1}).
/// x [T, N, H], weight [H, H], h0 [N, H] -> h_1 .. h_T [T, N, H].
Variable rnn_sequence(const Variable& x, const Variable& weight, const Variable& h0,
                      RnnActivation activation = RnnActivation::tanh);

/// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000;
/// peepholes: Gers et al. 2002), gates in PyTorch's order i, f, g, o:
///   i = s(x_i + W_i h + p_i c)   f = s(x_f + W_f h + p_f c)   g = tanh(x_g + W_g h)
///   c' = f c + i g               o = s(x_o + W_o h + p_o c')  h' = o tanh(c')
/// with s the logistic function. x [T, N, 4H], weight [4H, H], peephole [3, H] (p_i, p_f, p_o) or
/// undefined, state0 [N, 2H] (h, c side by side) -> states [T, N, 2H].
Variable lstm_sequence(const Variable& x, const Variable& weight, const Variable& peephole,
                       const Variable& state0);

/// Where the reset gate acts on the candidate.
enum class GruReset {
  before,  // tanh(x_n + W_n (r h)), Cho et al. 2014
  after,   // tanh(x_n + r (W_n h + b)), as cuDNN and PyTorch compute it
};

/// Gated recurrent unit (Cho et al. 2014), gates in the order r, z, n:
///   r = s(x_r + W_r h)   z = s(x_z + W_z h)   n: see GruReset   h' = (1 - z) h + z n
/// PyTorch's update gate is 1 - z: the same function with the rows of z negated.
/// x [T, N, 3H], weight [3H, H], bias_n [H] (GruReset::after; undefined: none), h0 [N, H]
/// -> [T, N, H].
Variable gru_sequence(const Variable& x, const Variable& weight, const Variable& bias_n,
                      const Variable& h0, GruReset reset);

}  // namespace tengen
