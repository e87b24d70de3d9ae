// Differentiable transposed convolution: the adjoint of conv2d, which enlarges an image (Dumoulin
// and Visin 2016, chapter 4).
//
// Equivalent to setting stride - 1 zeros between the pixels, padding by dilation (kernel - 1) -
// padding and convolving with the flipped kernel; computed as the convolution's own data gradient.
#pragma once

#include "engine/autograd/variable.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

/// stride (in - 1) + dilation (kernel - 1) + 1 - 2 padding + output_padding.
std::int64_t conv_transpose_output_size(std::int64_t in, std::int64_t kernel,
                                        const kernels::Conv2dParams& params,
                                        std::int64_t output_padding = 0);

/// x [N, H, W, C], weight [C, kh, kw, O / groups] (that of the convolution from O to C channels
/// whose adjoint this is), bias [O] or an undefined Variable -> [N, Ho, Wo, O]. `output_padding`,
/// less than the stride, chooses among the sizes that the convolution maps to H x W.
Variable conv_transpose2d(const Variable& x, const Variable& weight, const Variable& bias,
                          const kernels::Conv2dParams& params = {}, int output_padding = 0);

}  // namespace tengen
