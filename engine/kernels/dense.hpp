// Fully connected layers for small nets and small batches, where the call into a general matrix
// product costs more than the product: y = f(x W^T + b) in one pass, forward and backward, fp32.
//
// Register-tiled loops over 16-wide vectors, compiled for each instruction set and chosen when they
// run. Results do not depend on the batch: a row alone gives the same bits as among others. One
// thread. Beyond some hundred units a Backend's matmul is faster.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen::kernels {

enum class DenseActivation { none, tanh };

/// A weight [N, K] and a bias [N] as the forward loops read them. A copy: pack again after an
/// update.
struct PackedDense {
  std::int64_t inputs = 0, outputs = 0;  // K, N
  std::vector<float> weight;             // [K, N rounded up to 16], zero-padded
  std::vector<float> bias;               // [N rounded up to 16]
};
void pack_dense(const Tensor& weight, const Tensor& bias, PackedDense& packed);

/// x [M, K] -> y [M, N].
void dense(const PackedDense& layer, DenseActivation activation, std::int64_t rows, const float* x,
           float* y);

/// tanh, within 3 units in the last place, in place.
void tanh_in_place(float* values, std::int64_t count);

struct DenseGradient {
  Tensor x, weight, bias;  // x undefined if it was not asked for
};
/// From dL/dy, x [M, K], weight [N, K] and the result y [M, N] of the forward pass.
DenseGradient dense_backward(const Tensor& dy, const Tensor& x, const Tensor& weight,
                             const Tensor& y, DenseActivation activation, bool need_x);

}  // namespace tengen::kernels
