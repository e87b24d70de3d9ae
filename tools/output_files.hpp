// Writing results where the user asked for them.
#pragma once

#include <filesystem>
#include <string>

namespace tengen::tools {

/// Throws Error if the file cannot be written in full.
void write_text_file(const std::filesystem::path& path, const std::string& text);

/// Makes the directory and its parents if they are missing. Throws Error if that fails.
void make_directory(const std::filesystem::path& path);

}  // namespace tengen::tools
