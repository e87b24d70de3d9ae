// Column sums in two passes: fixed chunks of rows are summed in parallel in float, then the chunks'
// sums in double and in order, so that the result does not depend on the number of threads.
#include <algorithm>
#include <vector>

#include "engine/kernels/onednn/kernels.hpp"

namespace tengen::kernels::dnn {

namespace {

constexpr std::int64_t kMinLanes = 64;   // accumulators side by side, for vector code
constexpr std::int64_t kChunkRows = 64;  // rows of lanes added in float before going to double

/// Adds the elements of [begin, end) into lanes, cyclically.
void add_rows(const float* begin, const float* end, std::vector<float>& lanes) {
  float* const sums = lanes.data();
  const auto width = static_cast<std::int64_t>(lanes.size());
  for (; begin < end; begin += width) {
    const std::int64_t size = std::min<std::int64_t>(width, end - begin);
#pragma omp simd
    for (std::int64_t i = 0; i < size; ++i) sums[i] += begin[i];
  }
}

}  // namespace

Tensor sum_to(const Tensor& x, const Shape& suffix) {
  const std::int64_t columns = suffix.size();
  // Several short rows are added as one long row, and folded together at the end.
  const std::int64_t width = columns * ((kMinLanes + columns - 1) / columns);
  const std::int64_t chunk = width * kChunkRows;
  const std::int64_t chunks = (x.size() + chunk - 1) / chunk;
  const float* const in = x.values<float>().data();
  std::vector<float> partial(static_cast<std::size_t>(chunks * width));
#pragma omp parallel for schedule(static) if (x.size() >= kMinShared)
  for (std::int64_t part = 0; part < chunks; ++part) {
    std::vector<float> lanes(static_cast<std::size_t>(width), 0.0f);
    add_rows(in + part * chunk, in + std::min((part + 1) * chunk, x.size()), lanes);
    std::ranges::copy(lanes, partial.begin() + part * width);
  }

  std::vector<double> sums(static_cast<std::size_t>(columns), 0.0);
  for (std::size_t start = 0; start < partial.size(); start += sums.size())
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += partial[start + c];
  Tensor y(suffix);
  std::ranges::transform(sums, y.values<float>().begin(),
                         [](double sum) { return static_cast<float>(sum); });
  return y;
}

}  // namespace tengen::kernels::dnn
