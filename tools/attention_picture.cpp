#include "tools/attention_picture.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "tools/svg.hpp"

namespace tengen::tools {
namespace {

using selfplay::AttentionMap;

// In SVG units.
constexpr double kCell = 18, kMargin = 30, kTextHeight = 4;
constexpr std::size_t kColumns = 2;

std::string visible(char character) { return character == ' ' ? "␣" : std::string(1, character); }

double width_of(const AttentionMap& map) {
  return kMargin + kCell * static_cast<double>(map.source.size());
}

double height_of(const AttentionMap& map) {
  return kMargin + kCell * static_cast<double>(map.answer.size() + 1);
}

std::string cell_svg(double x, double y, double weight) {
  return fmt::format(
      "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#2563eb\" fill-opacity=\"{:.3f}\" "
      "stroke=\"#ddd\"/>\n",
      x, y, kCell, kCell, weight);
}

/// A map whose grid begins at (left, top); its letters are above and at the left of that.
std::string map_svg(const AttentionMap& map, double left, double top) {
  std::string svg;
  double x = left;
  for (const char character : map.source) {
    svg += svg_text(x + kCell / 2, top - 6, "middle", visible(character));
    x += kCell;
  }
  const float* weight = map.weights.values<float>().data();
  double y = top;
  for (std::size_t row = 0; row <= map.answer.size(); ++row, y += kCell) {
    const std::string label = row < map.answer.size() ? visible(map.answer[row]) : "■";
    svg += svg_text(left - kCell / 2, y + kCell / 2 + kTextHeight, "middle", label);
    for (std::size_t i = 0; i < map.source.size(); ++i)
      svg += cell_svg(left + kCell * static_cast<double>(i), y, *weight++);
  }
  return svg;
}

}  // namespace

std::string attention_svg(const std::vector<AttentionMap>& maps) {
  double width = 0, height = 0;
  for (const AttentionMap& map : maps) {
    width = std::max(width, width_of(map));
    height = std::max(height, height_of(map));
  }
  const std::size_t rows = (maps.size() + kColumns - 1) / kColumns;
  std::string svg =
      svg_begin(kColumns * width + kMargin, static_cast<double>(rows) * height + kMargin);
  for (std::size_t i = 0; i < maps.size(); ++i)
    svg += map_svg(maps[i], kMargin + static_cast<double>(i % kColumns) * width,
                   kMargin + static_cast<double>(i / kColumns) * height);
  return svg + "</svg>\n";
}

}  // namespace tengen::tools
