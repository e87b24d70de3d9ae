#include "tools/curve.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "tools/svg.hpp"

namespace tengen::tools {
namespace {

struct Range {
  double low = 0, high = 1;
  /// Where `value` lies between low (0) and high (1).
  double share(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

Range range_of(const std::vector<double>& values) {
  if (values.empty()) return {};
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
}

std::vector<double> only_finite(const std::vector<double>& values) {
  std::vector<double> result;
  std::copy_if(values.begin(), values.end(), std::back_inserter(result),
               [](double value) { return std::isfinite(value); });
  return result;
}

/// Means of `count` consecutive, nearly equal parts; count <= values.size().
std::vector<double> part_means(const std::vector<double>& values, std::size_t count) {
  std::vector<double> means;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = i * values.size() / count, end = (i + 1) * values.size() / count;
    double sum = 0;
    for (std::size_t j = begin; j < end; ++j) sum += values[j];
    means.push_back(sum / static_cast<double>(end - begin));
  }
  return means;
}

// Panel geometry in SVG units.
constexpr double kWidth = 720, kPanelHeight = 150, kLeft = 70, kRight = 20, kTop = 40, kGap = 45;

std::string panel_svg(const Curve& curve, const Range& x_range, double top) {
  const Range y_range = range_of(only_finite(curve.y));
  const double inner_width = kWidth - kLeft - kRight, bottom = top + kPanelHeight;
  std::string points;
  for (std::size_t i = 0; i < curve.y.size(); ++i) {
    if (!std::isfinite(curve.y[i])) continue;
    points += fmt::format("{:.1f},{:.1f} ", kLeft + inner_width * x_range.share(curve.x[i]),
                          bottom - kPanelHeight * y_range.share(curve.y[i]));
  }
  return fmt::format(
             "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#ccc\"/>\n"
             "<polyline points=\"{}\" fill=\"none\" stroke=\"#2563eb\" stroke-width=\"1.5\"/>\n",
             kLeft, top, inner_width, kPanelHeight, points) +
         svg_text(kLeft, top - 6, "start", curve.name) +
         svg_text(kLeft - 6, top + 10, "end", fmt::format("{:.4g}", y_range.high)) +
         svg_text(kLeft - 6, bottom, "end", fmt::format("{:.4g}", y_range.low));
}

}  // namespace

std::string sparkline(const std::vector<double>& values, int width) {
  static constexpr const char* kBlocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::vector<double> points = only_finite(values);
  const std::vector<double> means =
      part_means(points, std::min(points.size(), static_cast<std::size_t>(std::max(width, 1))));
  const Range range = range_of(means);
  std::string text;
  for (const double mean : means)
    text += kBlocks[std::min(7, static_cast<int>(range.share(mean) * 8))];
  return text;
}

std::string curves_svg(const std::string& title, const std::string& x_label,
                       const std::vector<Curve>& curves) {
  std::vector<double> all_x;
  for (const Curve& curve : curves) all_x.insert(all_x.end(), curve.x.begin(), curve.x.end());
  const Range x_range = range_of(all_x);
  const double height = kTop + static_cast<double>(curves.size()) * (kPanelHeight + kGap) + 10;
  std::string svg = svg_begin(kWidth, height);
  svg += svg_text(kWidth / 2, 18, "middle", title);
  double top = kTop;
  for (const Curve& curve : curves) {
    svg += panel_svg(curve, x_range, top);
    top += kPanelHeight + kGap;
  }
  const double axis = top - kGap + 16;
  svg += svg_text(kLeft, axis, "start", fmt::format("{:g}", x_range.low)) +
         svg_text(kWidth - kRight, axis, "end", fmt::format("{:g}", x_range.high)) +
         svg_text((kLeft + kWidth - kRight) / 2, axis, "middle", x_label);
  return svg + "</svg>\n";
}

}  // namespace tengen::tools
