// Choice of the element type at run time, for the few loops above the kernels that touch numbers.
#pragma once

#include "engine/base/error.hpp"
#include "engine/tensor/tensor.hpp"

namespace tengen {

/// Calls f(float{}) or f(double{}), whichever `dtype` names; any other throws
/// std::invalid_argument.
template <typename F>
auto dispatch_float(const char* where, DType dtype, F&& f) {
  if (dtype == DType::f32) return f(float{});
  if (dtype == DType::f64) return f(double{});
  bad_argument(where, "expected f32 or f64, got {}", to_string(dtype));
}

}  // namespace tengen
