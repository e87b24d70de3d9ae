// Learning curves for people: a line of block characters for the terminal, and an SVG file.
#pragma once

#include <string>
#include <vector>

namespace tengen::tools {

struct Curve {
  std::string name;
  std::vector<double> x, y;  // same length; x increasing
};

/// At most `width` characters from low to high, the mean of the points that share a character.
/// Points that are not finite are left out; empty without points.
std::string sparkline(const std::vector<double>& values, int width = 40);

/// A self-contained SVG with one panel per curve, one below the other, over a common x axis.
std::string curves_svg(const std::string& title, const std::string& x_label,
                       const std::vector<Curve>& curves);

}  // namespace tengen::tools
