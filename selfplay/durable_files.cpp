#include "selfplay/durable_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/base/error.hpp"
#include "selfplay/file_descriptor.hpp"

namespace tengen::selfplay {

namespace fs = std::filesystem;

namespace {

void sync_path(const fs::path& path, int flags) {
  const FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC));
  if (!file.valid() || ::fsync(file.number()) != 0)
    throw Error(path.string(), std::string("cannot flush to disk: ") + std::strerror(errno));
}

}  // namespace

void sync_directory(const fs::path& directory) { sync_path(directory, O_RDONLY | O_DIRECTORY); }

void sync_tree(const fs::path& directory) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory))
    sync_path(entry.path(), O_RDONLY | (entry.is_directory() ? O_DIRECTORY : 0));
  sync_directory(directory);
}

void rename_durably(const fs::path& from, const fs::path& to) {
  if (fs::is_regular_file(from)) sync_path(from, O_RDONLY);
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw Error(to.string(), "cannot rename " + from.string() + ": " + error.message());
  sync_directory(to.parent_path());
}

}  // namespace tengen::selfplay
