#include "nets/inference/weight_store.hpp"

namespace tengen::nets {

namespace {

/// The axes of a weight that number its output channels, as oneDNN's mask: g and o of goihw, else
/// the first.
int channel_mask(const dnnl::memory::desc& desc) { return desc.dims().size() == 5 ? 3 : 1; }

}  // namespace

dnnl::memory WeightStore::get(const Tensor& tensor, const dnnl::memory::desc& plain,
                              const dnnl::memory::desc& wanted, const std::vector<float>& scales) {
  for (const Packed& p : packed_)
    if (p.source == tensor.data() && p.memory.get_desc() == wanted) return p.memory;
  // oneDNN takes a mutable handle but only reads weights.
  dnnl::memory source(plain, engine_, const_cast<void*>(tensor.data()));
  dnnl::memory memory = source;
  if (plain != wanted || !scales.empty()) {
    memory = dnnl::memory(wanted, engine_);
    dnnl::primitive_attr attributes;
    if (!scales.empty())
      attributes.set_output_scales(scales.size() == 1 ? 0 : channel_mask(plain), scales);
    dnnl::stream stream(engine_);
    dnnl::reorder(source, memory, attributes).execute(stream, source, memory);
    stream.wait();
  }
  packed_.push_back({tensor.data(), memory});
  return memory;
}

std::shared_ptr<const kernels::winograd::Conv3x3> WeightStore::winograd(const PlanOp& op) {
  auto& conv = winograd_[&op];
  if (!conv)
    conv = std::make_shared<kernels::winograd::Conv3x3>(op.out_height, op.out_width, op.weight,
                                                        op.bias, *kernels::winograd::best_isa());
  return conv;
}

}  // namespace tengen::nets
