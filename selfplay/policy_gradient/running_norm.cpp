#include "selfplay/policy_gradient/running_norm.hpp"

#include <algorithm>
#include <cmath>

namespace tengen::selfplay {

RunningNorm::RunningNorm(int size) : mean_(size, 0.0), variance_(size, 1.0) {}

void RunningNorm::add(std::span<const float> rows) {
  const std::size_t width = mean_.size(), n = rows.size() / width;
  if (n == 0) return;
  for (std::size_t j = 0; j < width; ++j) {
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < n; ++i) sum += rows[i * width + j];
    const double mean = sum / static_cast<double>(n), delta = mean - mean_[j];
    for (std::size_t i = 0; i < n; ++i)
      squares += (rows[i * width + j] - mean) * (rows[i * width + j] - mean);
    const double total = count_ + static_cast<double>(n);
    const double moment =
        variance_[j] * count_ + squares + delta * delta * count_ * static_cast<double>(n) / total;
    mean_[j] += delta * static_cast<double>(n) / total;
    variance_[j] = moment / total;
  }
  count_ += static_cast<double>(n);
}

double RunningNorm::deviation(int i) const { return std::sqrt(variance_[i] + 1e-8); }

void RunningNorm::normalise(std::span<float> rows) const {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const int j = static_cast<int>(i % mean_.size());
    rows[i] = static_cast<float>(std::clamp((rows[i] - mean_[j]) / deviation(j), -10.0, 10.0));
  }
}

Tensor RunningNorm::state() const {
  std::vector<double> all{count_};
  all.insert(all.end(), mean_.begin(), mean_.end());
  all.insert(all.end(), variance_.begin(), variance_.end());
  return Tensor::from<double>({static_cast<std::int64_t>(all.size())}, all);
}

void RunningNorm::set_state(const Tensor& state) {
  const auto all = state.values<double>();
  count_ = all[0];
  std::copy_n(all.begin() + 1, mean_.size(), mean_.begin());
  std::copy_n(all.begin() + 1 + mean_.size(), mean_.size(), variance_.begin());
}

}  // namespace tengen::selfplay
