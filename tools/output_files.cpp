#include "tools/output_files.hpp"

#include <fstream>
#include <system_error>

#include "engine/base/error.hpp"

namespace tengen::tools {

void write_text_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw Error(path.string(), "cannot be written");
}

void make_directory(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!std::filesystem::is_directory(path, error))
    throw Error(path.string(), "cannot be made a directory to write into");
}

}  // namespace tengen::tools
