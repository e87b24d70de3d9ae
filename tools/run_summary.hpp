// What `tengen run show` says about a run.
#pragma once

#include <string>

namespace tengen::selfplay {
class RunDirectory;
}

namespace tengen::tools {

/// Progress, learning curves, ratings and places, as lines for the terminal.
std::string run_summary(const selfplay::RunDirectory& run);
/// The learning curves as an SVG file.
std::string run_svg(const selfplay::RunDirectory& run);

}  // namespace tengen::tools
