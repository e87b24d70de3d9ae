// Packed weights of an InferencePlan, shared by all batch buckets and threads.
//
// oneDNN chooses the layout and precision that each primitive wants; most buckets want the same
// one, so each (op, layout) is packed once and kept. Not thread-safe: the plan calls it under its
// lock.
#pragma once

#include <dnnl.hpp>
#include <map>
#include <memory>
#include <vector>

#include "engine/kernels/winograd/conv3x3.hpp"
#include "engine/tensor/tensor.hpp"
#include "nets/inference/graph.hpp"

namespace tengen::nets {

class WeightStore {
 public:
  explicit WeightStore(const dnnl::engine& engine) : engine_(engine) {}

  /// `tensor` (fp32, plain layout `plain`) in the layout and precision of `wanted`, multiplied
  /// before by `scales`: one for all, one for each output channel (axis 0, or 0 and 1 of a grouped
  /// convolution), or none. They must be the same in every call with this tensor. `tensor` must
  /// stay alive as long as the store: when nothing has to change its own memory is used.
  dnnl::memory get(const Tensor& tensor, const dnnl::memory::desc& plain,
                   const dnnl::memory::desc& wanted, const std::vector<float>& scales = {});

  /// A convolution of the graph with its weights transformed (winograd_op.hpp says which can be).
  /// `op` must stay where it is as long as the store lives.
  std::shared_ptr<const kernels::winograd::Conv3x3> winograd(const PlanOp& op);

 private:
  struct Packed {
    const void* source;
    dnnl::memory memory;
  };
  dnnl::engine engine_;
  std::vector<Packed> packed_;
  std::map<const PlanOp*, std::shared_ptr<const kernels::winograd::Conv3x3>> winograd_;
};

}  // namespace tengen::nets
