// A CompiledOp that is a 3x3 convolution by Winograd's filtering (engine/kernels/winograd).
//
// Shape and CPU alone decide where it is used, never a timing, so that results can be reproduced.
#pragma once

#include <memory>

#include "nets/inference/compiled_op.hpp"

namespace tengen::nets {

/// Whether compile_winograd() takes the op: fp32, 3x3, stride 1, padding 1, channels in multiples
/// of 16, a ReLU or nothing behind, on a CPU with AVX2 and FMA or AVX-512.
bool suits_winograd(const PlanOp& op, const ValueFormat& input);

std::unique_ptr<CompiledOp> compile_winograd(const PlanOp& op, const OpContext& context);

}  // namespace tengen::nets
