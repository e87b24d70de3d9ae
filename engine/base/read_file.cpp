#include "engine/base/read_file.hpp"

#include <filesystem>
#include <fstream>

#include "engine/base/error.hpp"

namespace tengen {

std::string read_file(const std::string& path, const std::string& what, std::size_t most_bytes) {
  // A folder would open and then fail to be read.
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw Error(path, "expected " + what + ", got a folder");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path, "cannot be read, expected " + what);
  std::string bytes;
  char chunk[1 << 16];
  while (bytes.size() <= most_bytes && (file.read(chunk, sizeof chunk), file.gcount() > 0))
    bytes.append(chunk, static_cast<std::size_t>(file.gcount()));
  if (file.bad()) throw Error(path, "reading failed");
  if (bytes.size() > most_bytes) throw Error(path, "expected " + what + ", this one is too large");
  return bytes;
}

}  // namespace tengen
