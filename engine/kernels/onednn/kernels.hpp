// The float kernels on oneDNN: same contract as Backend, but no checks, and no empty tensors.
//
// Convolution, matrix product, batch norm, pooling, softmax and unary functions are oneDNN
// primitives. Broadcasting arithmetic and sums are our own parallel loops: they are bound by
// memory, and oneDNN's broadcast and reduction fall back on slow code for the shapes used here.
// What the backend leaves to the reference is listed in onednn.cpp.
#pragma once

#include "engine/kernels/backend.hpp"

namespace tengen::kernels::dnn {

Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b);

Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Shape& y_shape,
              const Conv2dParams& params);
Tensor conv2d_backward_data(const Tensor& dy, const Tensor& weight, const Shape& x_shape,
                            const Conv2dParams& params);
Tensor conv2d_backward_weight(const Tensor& dy, const Tensor& x, const Shape& weight_shape,
                              const Conv2dParams& params);

BatchNormForward batch_norm_train(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                  double epsilon, const NormTail& tail);
BatchNormBackward batch_norm_backward(const Tensor& dy, const Tensor& x, const Tensor& gamma,
                                      const Tensor& mean, const Tensor& variance, double epsilon,
                                      const NormTailBackward& tail);
Tensor batch_norm_eval(const Tensor& x, const Tensor& gamma, const Tensor& beta, const Tensor& mean,
                       const Tensor& variance, double epsilon, const NormTail& tail);

Tensor pool2d(const Tensor& x, const Shape& y_shape, const Pool2dParams& params);
Tensor pool2d_backward(const Tensor& dy, const Tensor& x, const Pool2dParams& params);

Tensor softmax(const Tensor& x);
Tensor log_softmax(const Tensor& x);

Tensor unary(Unary op, const Tensor& x);
Tensor unary_backward(Unary op, const Tensor& dy, const Tensor& x, const Tensor& y);
Tensor binary(Binary op, const Tensor& a, const Tensor& b);
Tensor sum_to(const Tensor& x, const Shape& suffix);

}  // namespace tengen::kernels::dnn
