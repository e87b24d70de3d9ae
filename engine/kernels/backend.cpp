#include "engine/kernels/backend.hpp"

#include <omp.h>

#include "engine/base/error.hpp"

namespace tengen::kernels {

std::int64_t conv_output_size(std::int64_t in, std::int64_t kernel, const Conv2dParams& params) {
  const std::int64_t room = in + 2 * params.padding - params.dilation * (kernel - 1) - 1;
  return room < 0 ? 0 : room / params.stride + 1;
}

const Backend& default_for(DType dtype) {
  if (dtype == DType::f32 || dtype == DType::bf16) return onednn();
  if (dtype == DType::f64) return reference();
  bad_argument("kernels", "expected dtype f32, bf16 or f64 for computing, got {}",
               to_string(dtype));
}

// OpenMP's thread count is a value of the calling thread, so guards on other threads do not meet.
ScopedThreads::ScopedThreads(int threads) : previous_(omp_get_max_threads()) {
  if (threads < 1) bad_argument("threads", "expected at least 1 thread, got {}", threads);
  omp_set_num_threads(threads);
}

ScopedThreads::~ScopedThreads() { omp_set_num_threads(previous_); }

}  // namespace tengen::kernels
