// The convolutions of training by Winograd's minimal filtering (conv3x3.hpp): forward, and the
// gradient with respect to the input, which is the convolution of the gradient with the flipped
// weight, its channels exchanged. The weight changes from step to step and is transformed anew on
// every call, which batches of training make up for.
#pragma once

#include "engine/kernels/backend.hpp"

namespace tengen::kernels::winograd {

/// Whether this is faster than a direct convolution: fp32, 3x3, stride 1, padding 1, enough
/// channels and enough pixels, and a CPU for it.
bool suits(const Shape& x, const Shape& weight, const Conv2dParams& params, DType dtype);

/// Both as Backend's, where suits() said yes; on OpenMP's threads, with a result that does not
/// depend on their number. Thread safety: calls from several threads are safe.
Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias);
Tensor conv2d_backward_data(const Tensor& dy, const Tensor& weight);

}  // namespace tengen::kernels::winograd
