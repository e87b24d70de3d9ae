// A whole file as a string.
#pragma once

#include <string>

namespace tengen {

/// The bytes of the file at `path`. Throws Error if it is missing, a folder or unreadable; `what`
/// says there what it should have been: "an SGF file".
std::string read_file(const std::string& path, const std::string& what);

}  // namespace tengen
