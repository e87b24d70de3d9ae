#include "nets/inference/primitive_op.hpp"

namespace tengen::nets {

namespace {

class BoundPrimitive : public BoundOp {
 public:
  explicit BoundPrimitive(const dnnl::primitive& primitive) : primitive_(primitive) {}

  void add(int argument, const dnnl::memory& memory) {
    memories_.push_back(memory);
    arguments_.push_back({argument, memory.get()});
  }

  void run(dnnl::stream& stream) override {
    dnnl::error::wrap_c_api(
        dnnl_primitive_execute(primitive_.get(), stream.get(), static_cast<int>(arguments_.size()),
                               arguments_.data()),
        "could not execute a primitive");
  }

 private:
  dnnl::primitive primitive_;
  std::vector<dnnl::memory> memories_;  // keep what arguments_ points to
  std::vector<dnnl_exec_arg_t> arguments_;
};

}  // namespace

PrimitiveOp::PrimitiveOp(const dnnl::primitive& primitive, const dnnl::memory::desc& scratchpad,
                         Arguments arguments, const dnnl::engine& engine)
    : primitive_(primitive),
      scratchpad_(scratchpad),
      arguments_(std::move(arguments)),
      engine_(engine) {}

std::unique_ptr<BoundOp> PrimitiveOp::bind(const Operands& operands) const {
  auto bound = std::make_unique<BoundPrimitive>(primitive_);
  const auto add = [&](int argument, const dnnl::memory::desc& desc, std::byte* data) {
    bound->add(argument, dnnl::memory(desc, engine_, data));
  };
  add(arguments_.input, arguments_.input_desc, operands.input);
  add(arguments_.output, arguments_.output_desc, operands.output);
  if (arguments_.residual) add(arguments_.residual, arguments_.residual_desc, operands.residual);
  if (scratch_bytes() > 0) add(DNNL_ARG_SCRATCHPAD, scratchpad_, operands.scratch);
  for (const auto& [argument, memory] : arguments_.constants) bound->add(argument, memory);
  return bound;
}

}  // namespace tengen::nets
