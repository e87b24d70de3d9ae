// Command lines that people paste into a shell.
#pragma once

#include <string>

namespace tengen::tools {

/// `text` as one word of a POSIX shell: in single quotes unless no character of it means anything.
std::string shell_word(const std::string& text);

}  // namespace tengen::tools
