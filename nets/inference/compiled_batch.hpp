// A PlanGraph compiled for one batch size: one CompiledOp per op, and the layout of all activations
// in one arena of caller-owned bytes.
//
// Activations are channels-last. A value's room in the arena is reused as soon as its last reader
// has run; a residual that dies in the convolution that adds it is overwritten in place, which is
// what oneDNN's "sum" post-operation wants; else it is copied there if the op cannot read it from
// its own place. Compiled objects are immutable: any number of threads may bind one.
#pragma once

#include <cstddef>
#include <dnnl.hpp>
#include <memory>
#include <span>
#include <vector>

#include "nets/inference/compiled_op.hpp"
#include "nets/inference/graph.hpp"
#include "nets/inference/value_format.hpp"
#include "nets/inference/weight_store.hpp"

namespace tengen::nets {

class CompiledBatch {
 public:
  /// `formats` by value number. `graph` and `weights` must outlive the object.
  CompiledBatch(const PlanGraph& graph, const std::vector<ValueFormat>& formats, int batch,
                const dnnl::engine& engine, WeightStore& weights);

  int batch() const { return batch_; }
  std::size_t arena_bytes() const { return scratch_offset_ + scratch_bytes_; }

  /// The ops placed into one arena (64-byte aligned, arena_bytes() long).
  class Bound {
   public:
    /// Observations [positions, H, W, C] of at most `batch` positions, the rest is filled up with
    /// zeros.
    void write_input(std::span<const float> observations);
    /// Runs all ops on what write_input wrote.
    void run(dnnl::stream& stream);
    const float* policy_logits() const { return policy_; }  // [batch, A]
    const float* value() const { return value_; }           // [batch]; null for classifiers

   private:
    friend class CompiledBatch;
    std::vector<std::unique_ptr<BoundOp>> ops_;
    std::byte* input_ = nullptr;
    std::size_t input_bytes_ = 0;
    dnnl::memory::data_type input_type_{};
    const float* policy_ = nullptr;
    const float* value_ = nullptr;
  };
  Bound bind(std::byte* arena) const;

 private:
  struct Step {
    std::unique_ptr<CompiledOp> op;
    int input = -1, residual = -1, output = -1;  // value numbers
  };

  void lay_out(const PlanGraph& graph, const std::vector<ValueFormat>& formats);
  void add_op(const PlanOp& op, bool in_place, const dnnl::engine& engine, WeightStore& weights);

  int batch_;
  std::vector<ValueLayout> layouts_;  // by value number
  std::vector<std::size_t> offsets_;  // in the arena, by value number
  std::vector<Step> steps_;
  std::size_t scratch_offset_ = 0, scratch_bytes_ = 0;
  int policy_, value_;
};

}  // namespace tengen::nets
