// One op of a PlanGraph compiled for a batch size: how it computes is behind this interface, so
// that a plan mixes oneDNN's primitives with kernels of our own.
//
// Compiled ops are immutable and shared by threads; each thread binds them to its own memory once
// and then runs the bound ops, without allocation, as often as it likes.
#pragma once

#include <cstddef>
#include <dnnl.hpp>
#include <memory>

#include "nets/inference/graph.hpp"
#include "nets/inference/value_format.hpp"
#include "nets/inference/weight_store.hpp"

namespace tengen::nets {

/// Where an op finds and puts things, 64-byte aligned.
struct Operands {
  std::byte* input = nullptr;
  std::byte* residual = nullptr;  // null if the op has none
  std::byte* output = nullptr;    // may be the residual's place
  std::byte* scratch = nullptr;   // scratch_bytes() of working memory
};

class BoundOp {
 public:
  virtual ~BoundOp() = default;
  virtual void run(dnnl::stream& stream) = 0;
};

class CompiledOp {
 public:
  virtual ~CompiledOp() = default;
  virtual std::size_t scratch_bytes() const = 0;
  /// Whether it takes a residual from where it lies; else the output must hold it before.
  virtual bool reads_residual() const = 0;
  virtual std::unique_ptr<BoundOp> bind(const Operands& operands) const = 0;
};

/// A value of the graph in memory: images as nhwc, vectors as nc.
struct ValueLayout {
  dnnl::memory::desc desc;
  ValueFormat format;
};

/// What the compilation of an op depends on besides the op.
struct OpContext {
  const dnnl::engine& engine;
  WeightStore& weights;
  ValueLayout input, output;
  ValueLayout residual{};  // as it is where the op has none
  /// Of what the output holds before a convolution with a residual, relative to output.format's.
  float residual_scale = 1;
};

/// Weights must outlive the result.
std::unique_ptr<CompiledOp> compile(const PlanOp& op, const OpContext& context);

/// output <- input in the output's format.
std::unique_ptr<CompiledOp> compile_copy(const ValueLayout& input, const ValueLayout& output,
                                         const dnnl::engine& engine);

}  // namespace tengen::nets
