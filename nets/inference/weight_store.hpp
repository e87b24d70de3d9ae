// Packed weights of an InferencePlan, shared by all batch buckets and threads.
//
// oneDNN chooses the layout and precision that each primitive wants; most buckets want the same
// one, so each (op, layout) is packed once and kept. Not thread-safe: the plan calls it under its
// lock.
#pragma once

#include <dnnl.hpp>
#include <list>
#include <utility>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen::nets {

class WeightStore {
 public:
  explicit WeightStore(const dnnl::engine& engine) : engine_(engine) {}

  /// `tensor` (fp32, plain layout `plain`) in the layout and precision of `wanted`. `tensor` must
  /// stay alive as long as the store: when nothing has to change its own memory is used.
  dnnl::memory get(const Tensor& tensor, const dnnl::memory::desc& plain,
                   const dnnl::memory::desc& wanted);

 private:
  struct Packed {
    const void* source;
    dnnl::memory memory;
  };
  dnnl::engine engine_;
  std::vector<Packed> packed_;
};

}  // namespace tengen::nets
