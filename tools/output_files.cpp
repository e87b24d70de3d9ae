#include "tools/output_files.hpp"

#include <unistd.h>

#include <fstream>
#include <system_error>

#include "engine/base/error.hpp"

namespace tengen::tools {

namespace fs = std::filesystem;

namespace {

constexpr const char* kNotWritable = "cannot be written";

}  // namespace

void write_text_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw Error(path.string(), kNotWritable);
}

void check_writable(const fs::path& path) {
  std::error_code error;  // what cannot be looked at is not there
  const bool replaces = fs::exists(path, error);
  const fs::path changed = replaces ? path : fs::absolute(path).parent_path();
  if (fs::is_directory(changed, error) == replaces || ::access(changed.c_str(), W_OK) != 0)
    throw Error(path.string(), kNotWritable);
}

void make_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!fs::is_directory(path, error))
    throw Error(path.string(), "cannot be made a directory to write into");
}

}  // namespace tengen::tools
