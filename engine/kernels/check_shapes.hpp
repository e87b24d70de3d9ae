// The checks that every backend makes before it computes: dtypes, ranks, dimensions, parameters.
//
// Each throws std::invalid_argument, "[conv2d] expected 17 input channels, got 16". Those whose
// operation makes a new shape return it.
#pragma once

#include <initializer_list>

#include "engine/kernels/backend.hpp"

namespace tengen::kernels {

/// All defined, all of one dtype, which is f32, bf16 or f64. Pass optional tensors only if defined.
void check_dtypes(const char* where, std::initializer_list<const Tensor*> tensors);
/// What a net keeps beside its activations (weights, statistics) is f32 where these are bf16.
DType parameter_dtype(DType activations);

/// The result's shape, [M, N] or [B, M, N].
Shape check_matmul(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b);

/// The result's shape, [N, Ho, Wo, O].
Shape check_conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                   const Conv2dParams& params);
void check_conv2d_backward_data(const Tensor& dy, const Tensor& weight, const Shape& x_shape,
                                const Conv2dParams& params);
void check_conv2d_backward_weight(const Tensor& dy, const Tensor& x, const Shape& weight_shape,
                                  const Conv2dParams& params);

void check_batch_norm_train(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                            const NormTail& tail = {});
void check_batch_norm_backward(const Tensor& dy, const Tensor& x, const Tensor& gamma,
                               const Tensor& mean, const Tensor& variance,
                               const NormTailBackward& tail = {});
void check_batch_norm_eval(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                           const Tensor& mean, const Tensor& variance, const NormTail& tail = {});

/// The result's shape, [N, Ho, Wo, C].
Shape check_pool2d(const Tensor& x, const Pool2dParams& params);
void check_pool2d_backward(const Tensor& dy, const Tensor& x, const Pool2dParams& params);

/// At least one axis, and the last one not empty.
void check_softmax(const char* where, const Tensor& x);

void check_unary_backward(const Tensor& dy, const Tensor& x, const Tensor& y);
void check_binary(const Tensor& a, const Tensor& b);
void check_sum_to(const Tensor& x, const Shape& suffix);

}  // namespace tengen::kernels
