// A whole file as a string.
#pragma once

#include <cstddef>
#include <limits>
#include <string>

namespace tengen {

/// The bytes of the file at `path`. Throws Error if it is missing, a folder or unreadable; `what`
/// says there what it should have been: "an SGF file". So does a file of more than `most_bytes`,
/// which may be a device or a pipe that never ends.
std::string read_file(const std::string& path, const std::string& what,
                      std::size_t most_bytes = std::numeric_limits<std::size_t>::max());

}  // namespace tengen
