// The version that --version, GTP and run directories report; the one in CMakeLists.txt.
#pragma once

namespace tengen::tools {
inline constexpr const char* kVersion = "0.1.0";
}  // namespace tengen::tools
