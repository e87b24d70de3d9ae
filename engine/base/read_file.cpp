#include "engine/base/read_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/base/error.hpp"

namespace tengen {

std::string read_file(const std::string& path, const std::string& what) {
  // A folder would open and then fail to be read.
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw Error(path, "expected " + what + ", got a folder");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path, "cannot be read, expected " + what);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) throw Error(path, "reading failed");
  return bytes;
}

}  // namespace tengen
