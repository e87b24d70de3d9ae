// How a plan stores each value of its graph: the element type and, for integers, the step.
//
// fp32 and bf16 plans store everything in their type, the results in fp32. An int8 plan stores in 8
// bits what the convolutions of the body read, directly or through max pooling, u8 if the
// calibrated range has no negative numbers (after a ReLU) and s8 else. The first convolution and
// the heads, or a classifier's fully connected layers, compute in floats: they are a few per cent
// of the work and cause most of the error (trained 4x32 net, Go on 5x5: the 99th percentile of the
// value's error is 0.034 with all in 8 bits). Where the CPU is fastest in bf16 these floats are
// bf16, for otherwise the few per cent would take a large share of the time.
#pragma once

#include <dnnl.hpp>
#include <vector>

#include "nets/inference/calibration.hpp"
#include "nets/inference/graph.hpp"
#include "nets/inference/precision.hpp"

namespace tengen::nets {

struct ValueFormat {
  dnnl::memory::data_type type = dnnl::memory::data_type::f32;
  float step = 1;  // x = step * q for a stored integer q; 1 for floating-point types

  bool is_integer() const {
    return type == dnnl::memory::data_type::u8 || type == dnnl::memory::data_type::s8;
  }
};

/// By value number; `graph` is an int8_graph() for int8. The others are read for int8 only:
/// `calibration`, which throws std::invalid_argument if it is not of this graph, and in which
/// precision, fp32 or bf16, such a plan computes what is not in 8 bits.
std::vector<ValueFormat> value_formats(const PlanGraph& graph, Precision precision,
                                       const Calibration& calibration, Precision floats_of_int8);

/// Stores count numbers at `out` as f32 or bf16, rounded to nearest even.
void store_values(const float* in, std::size_t count, dnnl::memory::data_type type, void* out);

}  // namespace tengen::nets
