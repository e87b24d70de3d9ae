#include "nets/inference/winograd_op.hpp"

#include "engine/kernels/winograd/conv3x3.hpp"

namespace tengen::nets {

using kernels::winograd::Conv3x3;

namespace {

class BoundWinograd : public BoundOp {
 public:
  BoundWinograd(std::shared_ptr<const Conv3x3> conv, const Conv3x3::Arguments& arguments)
      : conv_(std::move(conv)), arguments_(arguments) {}

  void run(dnnl::stream&) override { conv_->run(arguments_); }

 private:
  std::shared_ptr<const Conv3x3> conv_;
  Conv3x3::Arguments arguments_;
};

class WinogradOp : public CompiledOp {
 public:
  WinogradOp(std::shared_ptr<const Conv3x3> conv, int batch, bool relu)
      : conv_(std::move(conv)), batch_(batch), relu_(relu) {}

  std::size_t scratch_bytes() const override { return conv_->scratch_bytes(batch_); }
  bool reads_residual() const override { return true; }

  std::unique_ptr<BoundOp> bind(const Operands& operands) const override {
    const auto floats = [](std::byte* bytes) { return reinterpret_cast<float*>(bytes); };
    return std::make_unique<BoundWinograd>(conv_,
                                           Conv3x3::Arguments{.batch = batch_,
                                                              .x = floats(operands.input),
                                                              .residual = floats(operands.residual),
                                                              .y = floats(operands.output),
                                                              .relu = relu_,
                                                              .scratch = operands.scratch});
  }

 private:
  std::shared_ptr<const Conv3x3> conv_;
  int batch_;
  bool relu_;
};

}  // namespace

bool suits_winograd(const PlanOp& op, const ValueFormat& input) {
  return op.kind == PlanOp::Kind::conv && input.type == dnnl::memory::data_type::f32 &&
         op.weight.dim(1) == 3 && op.weight.dim(2) == 3 &&
         op.conv == kernels::Conv2dParams{.padding = 1} &&
         (op.activation == Activation::none || op.activation == Activation::relu) &&
         Conv3x3::supports(static_cast<int>(op.weight.dim(3)), op.out_channels) &&
         kernels::winograd::best_isa().has_value();
}

std::unique_ptr<CompiledOp> compile_winograd(const PlanOp& op, const OpContext& context) {
  const auto batch = static_cast<int>(context.output.desc.dims()[0]);
  return std::make_unique<WinogradOp>(context.weights.winograd(op), batch,
                                      op.activation == Activation::relu);
}

}  // namespace tengen::nets
