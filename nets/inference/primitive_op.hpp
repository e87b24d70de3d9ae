// A CompiledOp that is one oneDNN primitive.
//
// Binding builds the list of arguments for oneDNN's C interface: executing through the C++ one
// would copy a map into a new list every time.
#pragma once

#include <utility>
#include <vector>

#include "nets/inference/compiled_op.hpp"

namespace tengen::nets {

class PrimitiveOp : public CompiledOp {
 public:
  /// The argument numbers (DNNL_ARG_...) and layouts of what bind() places; no residual unless its
  /// argument is named.
  struct Arguments {
    int input = DNNL_ARG_SRC;
    dnnl::memory::desc input_desc;
    int residual = 0;
    dnnl::memory::desc residual_desc = {};
    int output = DNNL_ARG_DST;
    dnnl::memory::desc output_desc;
    std::vector<std::pair<int, dnnl::memory>> constants;
  };

  PrimitiveOp(const dnnl::primitive& primitive, const dnnl::memory::desc& scratchpad,
              Arguments arguments, const dnnl::engine& engine);

  std::size_t scratch_bytes() const override { return scratchpad_.get_size(); }
  bool reads_residual() const override { return arguments_.residual != 0; }
  std::unique_ptr<BoundOp> bind(const Operands& operands) const override;

 private:
  dnnl::primitive primitive_;
  dnnl::memory::desc scratchpad_;
  Arguments arguments_;
  dnnl::engine engine_;
};

}  // namespace tengen::nets
