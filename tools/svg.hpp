// Parts of SVG files that all pictures here have in common.
#pragma once

#include <string>

namespace tengen::tools {

/// The first element, white behind everything, in user units; "</svg>" ends the file.
std::string svg_begin(double width, double height);

/// Text on the line at `y`; `anchor` (start, middle or end) is what of it is at `x`.
std::string svg_text(double x, double y, const std::string& anchor, const std::string& text);

}  // namespace tengen::tools
