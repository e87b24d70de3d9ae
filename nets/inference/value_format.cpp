#include "nets/inference/value_format.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/base/error.hpp"
#include "engine/kernels/onednn/vectorised.hpp"

namespace tengen::nets {

using Type = dnnl::memory::data_type;

namespace {

ValueFormat integer_format(const ValueRange& range) {
  const bool is_signed = range.low < 0;
  const float magnitude = std::max(-range.low, range.high);
  // A value that was always zero gets some step.
  return {is_signed ? Type::s8 : Type::u8,
          magnitude > 0 ? magnitude / (is_signed ? 127.0f : 255.0f) : 1.0f};
}

/// By value number: whether convolutions between the first and those of the heads, and nothing
/// else, read it, or the maxima of it.
std::vector<bool> read_by_inner_convolutions(const PlanGraph& graph, std::size_t values) {
  std::vector<bool> inner(values, true), flattened(values, false);
  const auto exclude = [&](int value) {
    if (value >= 0) inner[static_cast<std::size_t>(value)] = false;
  };
  for (const int outermost : {0, graph.policy_logits, graph.value}) exclude(outermost);
  for (const PlanOp& op : graph.ops) {
    if (op.kind == PlanOp::Kind::conv || is_max_pool(op)) continue;
    exclude(op.input);
    exclude(op.residual);
    if (op.kind == PlanOp::Kind::dense) flattened[static_cast<std::size_t>(op.input)] = true;
  }
  for (const PlanOp& op : graph.ops)  // the convolutions of the heads
    if (op.kind == PlanOp::Kind::conv && flattened[static_cast<std::size_t>(op.output)])
      exclude(op.input);
  for (auto op = graph.ops.rbegin(); op != graph.ops.rend(); ++op)  // readers before what they read
    if (is_max_pool(*op) && !inner[static_cast<std::size_t>(op->output)]) exclude(op->input);
  return inner;
}

/// The output is scaled to its steps before the activation, which must not mind.
bool can_write_integers(const PlanOp& op, const std::vector<ValueFormat>& formats) {
  if (!is_homogeneous(op.activation)) return false;
  if (op.kind == PlanOp::Kind::affine) return true;
  return op.kind == PlanOp::Kind::conv && formats[static_cast<std::size_t>(op.input)].is_integer();
}

/// All in fp32 or bf16, but for the results, which are fp32.
std::vector<ValueFormat> float_formats(const PlanGraph& graph, Precision precision) {
  std::vector<ValueFormat> formats(static_cast<std::size_t>(count_values(graph)));
  if (precision == Precision::bf16)
    for (ValueFormat& format : formats) format.type = Type::bf16;
  for (const int result : {graph.policy_logits, graph.value})
    if (result >= 0) formats[static_cast<std::size_t>(result)] = {};
  return formats;
}

/// Integers in place of floats where they do.
void set_integer_formats(const PlanGraph& graph, const Calibration& calibration,
                         std::vector<ValueFormat>& formats) {
  if (calibration.ranges.size() != formats.size())
    bad_argument("inference_plan", "expected int8 calibrated for the {} values of this net, got {}",
                 formats.size(), calibration.ranges.size());
  const std::vector<bool> inner = read_by_inner_convolutions(graph, formats.size());
  for (const PlanOp& op : graph.ops) {
    const auto out = static_cast<std::size_t>(op.output);
    const ValueFormat& in = formats[static_cast<std::size_t>(op.input)];
    if (is_max_pool(op) && in.is_integer())
      formats[out] = in;
    else if (inner[out] && can_write_integers(op, formats))
      formats[out] = integer_format(calibration.ranges[out]);
  }
}

}  // namespace

std::vector<ValueFormat> value_formats(const PlanGraph& graph, Precision precision,
                                       const Calibration& calibration, Precision floats_of_int8) {
  if (precision != Precision::int8) return float_formats(graph, precision);
  std::vector<ValueFormat> formats = float_formats(graph, floats_of_int8);
  set_integer_formats(graph, calibration, formats);
  return formats;
}

void store_values(const float* in, std::size_t count, Type type, void* out) {
  if (type != Type::bf16) {
    std::memcpy(out, in, count * sizeof(float));
    return;
  }
  kernels::dnn::vectorised([=, to = static_cast<BFloat16*>(out)] {
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) kernels::dnn::store(in[i], to[i]);
  });
}

}  // namespace tengen::nets
