#include "nets/inference/calibration.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/error.hpp"
#include "nets/inference/int8_graph.hpp"
#include "nets/inference/reference_plan.hpp"

namespace tengen::nets {

namespace {

constexpr int kChunk = 32;  // positions evaluated together: bounds the memory
constexpr std::size_t kBins = 2048;

/// A histogram of one value's magnitudes that widens its bins as larger ones come. Exact zeros are
/// left out: they are represented exactly whatever the step.
class Magnitudes {
 public:
  void add(std::span<const float> values) {
    const auto [low, high] = std::ranges::minmax(values);
    range_ = {std::min(range_.low, low), std::max(range_.high, high)};
    make_room();
    for (const float x : values)
      if (x != 0.0f)
        ++counts_[std::min(static_cast<std::size_t>(std::abs(x) / bin_width_), kBins - 1)];
  }

  /// The range that loses least: the sum over clipped numbers of (x - limit)^2, and over the others
  /// step^2 / 12, the variance of an error that is uniform over a step.
  ValueRange best() const {
    const double levels = range_.low < 0 ? 127 : 255;
    double least = INFINITY;
    float bound = 0;
    for (int sixteenths = 2; sixteenths <= 16; ++sixteenths) {
      const float limit = static_cast<float>(sixteenths) / 16 * largest();
      const double bins = limit / bin_width_;
      const double loss = clipping_loss(bins) + rounding_loss(bins, levels);
      if (loss >= least) continue;
      least = loss;
      bound = limit;
    }
    return {std::max(range_.low, -bound), std::min(range_.high, bound)};
  }

 private:
  float largest() const { return std::max(-range_.low, range_.high); }

  void make_room() {
    if (bin_width_ == 0) bin_width_ = largest() / kBins;
    while (largest() > bin_width_ * kBins) {
      for (std::size_t i = 0; i < kBins / 2; ++i) counts_[i] = counts_[2 * i] + counts_[2 * i + 1];
      std::fill(counts_.begin() + kBins / 2, counts_.end(), 0);
      bin_width_ *= 2;
    }
  }

  // In units of bins.
  double clipping_loss(double limit) const {
    double loss = 0;
    for (auto bin = static_cast<std::size_t>(limit); bin < kBins; ++bin) {
      const double beyond = std::max(0.0, static_cast<double>(bin) + 0.5 - limit);
      loss += static_cast<double>(counts_[bin]) * beyond * beyond;
    }
    return loss;
  }
  double rounding_loss(double limit, double levels) const {
    double inside = 0;
    for (std::size_t bin = 0; static_cast<double>(bin) < limit && bin < kBins; ++bin)
      inside += static_cast<double>(counts_[bin]);
    const double step = limit / levels;
    return inside * step * step / 12;
  }

  ValueRange range_;
  float bin_width_ = 0;  // 0 as long as all were zero
  std::array<std::uint64_t, kBins> counts_{};
};

}  // namespace

Calibration calibrate(const PlanGraph& net, std::span<const float> observations, int positions) {
  const PlanGraph graph = int8_graph(net);
  const std::int64_t size = std::int64_t{graph.height} * graph.width * graph.channels;
  if (positions < 1 || std::ssize(observations) < positions * size)
    bad_argument("calibrate", "expected at least 1 position of {} numbers, got {} in {} numbers",
                 size, positions, observations.size());
  std::vector<Magnitudes> magnitudes(static_cast<std::size_t>(count_values(graph)));
  for (int first = 0; first < positions; first += kChunk) {
    const std::int64_t count = std::min(kChunk, positions - first);
    const auto chunk = observations.subspan(static_cast<std::size_t>(first * size),
                                            static_cast<std::size_t>(count * size));
    evaluate_reference(
        graph, Tensor::from<float>({count, graph.height, graph.width, graph.channels}, chunk),
        kernels::onednn(), [&](int value, const Tensor& x) {
          magnitudes[static_cast<std::size_t>(value)].add(x.values<float>());
        });
  }
  Calibration calibration;
  for (const Magnitudes& m : magnitudes) calibration.ranges.push_back(m.best());
  return calibration;
}

}  // namespace tengen::nets
