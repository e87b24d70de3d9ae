// Writing results where the user asked for them.
#pragma once

#include <filesystem>
#include <string>

namespace tengen::tools {

/// Throws Error if the file cannot be written in full.
void write_text_file(const std::filesystem::path& path, const std::string& text);

/// Throws Error if there is no leave to write a file there, before the work that it is to hold.
/// Changes nothing.
void check_writable(const std::filesystem::path& path);

/// Makes the directory and its parents if they are missing. Throws Error if that fails.
void make_directory(const std::filesystem::path& path);

}  // namespace tengen::tools
