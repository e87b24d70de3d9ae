// A PlanGraph compiled for one batch size and precision: one oneDNN primitive per op, and the
// layout of all activations in one arena of caller-owned bytes.
//
// Activations are channels-last. A value's room in the arena is reused as soon as its last reader
// has run; a residual that dies in the op that adds it is overwritten in place, which is what
// oneDNN's "sum" post-operation wants. Compiled objects are immutable: any number of threads may
// bind one.
#pragma once

#include <cstddef>
#include <dnnl.hpp>
#include <unordered_map>
#include <vector>

#include "nets/inference/graph.hpp"
#include "nets/inference/inference_plan.hpp"
#include "nets/inference/weight_store.hpp"

namespace tengen::nets {

class CompiledBatch {
 public:
  /// `graph` and `weights` must outlive the object.
  CompiledBatch(const PlanGraph& graph, Precision precision, int batch, const dnnl::engine& engine,
                WeightStore& weights);

  int batch() const { return batch_; }
  std::size_t arena_bytes() const { return arena_bytes_; }

  /// The primitives with their arguments placed into one arena (64-byte aligned, arena_bytes()
  /// long).
  class Bound {
   public:
    /// Runs all ops on what input() holds.
    void run(dnnl::stream& stream);
    float* input() const { return input_; }                 // [batch, H, W, C]
    const float* policy_logits() const { return policy_; }  // [batch, A]
    const float* value() const { return value_; }           // [batch]

   private:
    friend class CompiledBatch;
    struct Step {
      dnnl::primitive primitive;
      std::unordered_map<int, dnnl::memory> arguments;
    };
    std::vector<Step> steps_;
    float* input_ = nullptr;
    const float* policy_ = nullptr;
    const float* value_ = nullptr;
  };
  Bound bind(std::byte* arena) const;

 private:
  struct Place {  // where a value lives
    dnnl::memory::desc desc;
    std::size_t offset = 0;
  };
  struct Step {
    dnnl::primitive primitive;
    int source = -1, residual = -1, output = -1;  // value numbers
    dnnl::memory::desc source_desc;               // how this op reads it: dense ops see it flat
    std::vector<std::pair<int, dnnl::memory>> constants;
    dnnl::memory::desc scratchpad;
    bool copies_residual = false;  // out of place: the residual is needed again later
    bool binary_residual = false;  // residual is the second source of a binary primitive
  };

  dnnl::memory::desc image_desc(int height, int width, int channels) const;
  void add_input(const PlanGraph& graph);
  void add_op(const PlanOp& op, bool is_output);
  Step conv_step(const PlanOp& op, Place& out);
  Step dense_step(const PlanOp& op, Place& out, bool is_output);
  Step affine_step(const PlanOp& op, Place& out);
  Step add_step(const PlanOp& op, Place& out);
  void place_values();
  dnnl::memory at(std::byte* arena, int value, const dnnl::memory::desc& desc) const;

  int batch_;
  dnnl::memory::data_type type_;
  dnnl::engine engine_;
  WeightStore& weights_;
  std::vector<Place> places_;  // by value number, perhaps with the fp32 input behind them
  int float_input_ = -1;       // the value that holds it
  std::vector<Step> steps_;
  std::size_t scratchpad_offset_ = 0, arena_bytes_ = 0;
  int policy_ = -1, value_ = -1;
};

}  // namespace tengen::nets
