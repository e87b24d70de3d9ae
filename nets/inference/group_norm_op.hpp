// A CompiledOp that normalises each image by itself (engine/autograd/ops_group_norm.hpp has the
// formula), which oneDNN does not know: plain loops over channels-last images in fp32 or bf16.
#pragma once

#include <memory>

#include "nets/inference/compiled_op.hpp"

namespace tengen::nets {

/// Weights are read where they lie in `op`, which must stay there as long as the result lives.
std::unique_ptr<CompiledOp> compile_group_norm(const PlanOp& op, const OpContext& context);

}  // namespace tengen::nets
