// The two halves of a convolution as a matrix product: im2col lays the patch under each output
// point out as a row, col2im adds such rows back to the image. Each is the other's adjoint.
//
// A reference to learn from and to test against; the nets use conv2d, which need not form the
// matrix; plain loops, float and double.
#pragma once

#include "engine/autograd/variable.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

/// x [N, H, W, C] -> [N Ho Wo, kernel kernel C]: rows in the order of the output points, columns in
/// that of a convolution weight [O, kernel, kernel, C]; zeros where a patch leaves the image.
/// params.groups must be 1.
Variable im2col(const Variable& x, int kernel, const kernels::Conv2dParams& params = {});

/// columns as made by im2col from an image of shape `image` -> the image: each pixel the sum of all
/// its places in the columns.
Variable col2im(const Variable& columns, const Shape& image, int kernel,
                const kernels::Conv2dParams& params = {});

}  // namespace tengen
