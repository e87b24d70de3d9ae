// One writer for a run directory: flock on its file "lock", which ends with the process that holds
// it, however that ends.
#pragma once

#include <filesystem>

#include "selfplay/file_descriptor.hpp"

namespace tengen::selfplay {

class RunLock {
 public:
  /// Throws Error if another process holds the lock, or the file cannot be opened.
  explicit RunLock(const std::filesystem::path& run);

 private:
  FileDescriptor file_;
};

}  // namespace tengen::selfplay
