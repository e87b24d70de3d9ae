// The reference kernels: one template per operation of Backend, for float and double, with the same
// contract but no checks. They are the oracle that faster backends are compared with, and what
// those fall back on; gradient checks run on them in double. Sums are accumulated in double.
#pragma once

#include "engine/kernels/backend.hpp"

namespace tengen::kernels::ref {

template <typename T>
Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b);

template <typename T>
Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
              const Conv2dParams& params);
template <typename T>
Tensor conv2d_backward_data(const Tensor& dy, const Tensor& weight, const Shape& x_shape,
                            const Conv2dParams& params);
template <typename T>
Tensor conv2d_backward_weight(const Tensor& dy, const Tensor& x, const Shape& weight_shape,
                              const Conv2dParams& params);

template <typename T>
BatchNormForward batch_norm_train(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                  double epsilon, const NormTail& tail);
template <typename T>
BatchNormBackward batch_norm_backward(const Tensor& dy, const Tensor& x, const Tensor& gamma,
                                      const Tensor& mean, const Tensor& variance, double epsilon,
                                      const NormTailBackward& tail);
template <typename T>
Tensor batch_norm_eval(const Tensor& x, const Tensor& gamma, const Tensor& beta, const Tensor& mean,
                       const Tensor& variance, double epsilon, const NormTail& tail);

template <typename T>
Tensor pool2d(const Tensor& x, const Pool2dParams& params);
template <typename T>
Tensor pool2d_backward(const Tensor& dy, const Tensor& x, const Pool2dParams& params);

template <typename T>
Tensor softmax(const Tensor& x);
template <typename T>
Tensor log_softmax(const Tensor& x);

template <typename T>
Tensor unary(Unary op, const Tensor& x);
template <typename T>
Tensor unary_backward(Unary op, const Tensor& dy, const Tensor& x, const Tensor& y);
template <typename T>
Tensor binary(Binary op, const Tensor& a, const Tensor& b);
template <typename T>
Tensor sum_to(const Tensor& x, const Shape& suffix);

}  // namespace tengen::kernels::ref
