#include "envs/rl/space.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "engine/base/error.hpp"

namespace tengen::envs::rl {

Space Space::discrete(int n) {
  Space space = multi_discrete({n});
  space.kind_ = Kind::discrete;
  return space;
}

Space Space::multi_discrete(std::vector<int> counts) {
  if (counts.empty() || *std::min_element(counts.begin(), counts.end()) < 1)
    bad_argument("Space", "expected at least one choice for each index, got [{}]",
                 fmt::join(counts, ", "));
  Space space;
  space.kind_ = Kind::multi_discrete;
  space.shape_ = {static_cast<int>(counts.size())};
  space.low_.assign(counts.size(), 0.0f);
  for (const int count : counts) space.high_.push_back(static_cast<float>(count - 1));
  space.counts_ = std::move(counts);
  return space;
}

Space Space::box(float low, float high, std::vector<int> shape) {
  const int size = std::accumulate(shape.begin(), shape.end(), 1, std::multiplies<>());
  return box(std::vector<float>(size, low), std::vector<float>(size, high), std::move(shape));
}

Space Space::box(std::vector<float> low, std::vector<float> high, std::vector<int> shape) {
  if (low.empty() || low.size() != high.size())
    bad_argument("Space", "expected as many lower as upper bounds, got {} and {}", low.size(),
                 high.size());
  if (shape.empty()) shape = {static_cast<int>(low.size())};
  const int size = std::accumulate(shape.begin(), shape.end(), 1, std::multiplies<>());
  if (size != static_cast<int>(low.size()))
    bad_argument("Space", "expected bounds for the {} numbers of shape [{}], got {}", size,
                 fmt::join(shape, ", "), low.size());
  Space space;
  space.shape_ = std::move(shape);
  space.low_ = std::move(low);
  space.high_ = std::move(high);
  return space;
}

int Space::encoded_size() const {
  return kind_ == Kind::box ? size() : std::accumulate(counts_.begin(), counts_.end(), 0);
}

void Space::encode(std::span<const float> row, std::span<float> out) const {
  if (kind_ == Kind::box) {
    std::copy(row.begin(), row.end(), out.begin());
    return;
  }
  std::fill(out.begin(), out.end(), 0.0f);
  int first = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    out[first + static_cast<int>(row[i])] = 1.0f;
    first += counts_[i];
  }
}

bool Space::contains(std::span<const float> row) const {
  if (row.size() != low_.size()) return false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!(row[i] >= low_[i] && row[i] <= high_[i])) return false;  // false for NaN, too
    if (kind_ != Kind::box && row[i] != std::floor(row[i])) return false;
  }
  return true;
}

std::string Space::describe() const {
  if (kind_ == Kind::discrete) return fmt::format("Discrete({})", counts_[0]);
  if (kind_ == Kind::multi_discrete)
    return fmt::format("MultiDiscrete([{}])", fmt::join(counts_, " "));
  const auto bounds = [](const std::vector<float>& values) {
    const bool same = std::equal(values.begin() + 1, values.end(), values.begin());
    return same ? fmt::format("{}", values[0]) : fmt::format("[{}]", fmt::join(values, " "));
  };
  return fmt::format("Box({}, {}, ({}{}))", bounds(low_), bounds(high_), fmt::join(shape_, ", "),
                     shape_.size() == 1 ? "," : "");
}

}  // namespace tengen::envs::rl
