#include "nets/inference/weight_store.hpp"

namespace tengen::nets {

dnnl::memory WeightStore::get(const Tensor& tensor, const dnnl::memory::desc& plain,
                              const dnnl::memory::desc& wanted) {
  for (const Packed& p : packed_)
    if (p.source == tensor.data() && p.memory.get_desc() == wanted) return p.memory;
  // oneDNN takes a mutable handle but only reads weights.
  dnnl::memory source(plain, engine_, const_cast<void*>(tensor.data()));
  dnnl::memory memory = source;
  if (plain != wanted) {
    memory = dnnl::memory(wanted, engine_);
    dnnl::stream stream(engine_);
    dnnl::reorder(source, memory).execute(stream, source, memory);
    stream.wait();
  }
  packed_.push_back({tensor.data(), memory});
  return memory;
}

}  // namespace tengen::nets
