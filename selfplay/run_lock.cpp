#include "selfplay/run_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/base/error.hpp"

namespace tengen::selfplay {

RunLock::RunLock(const std::filesystem::path& run) {
  const std::filesystem::path path = run / "lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) throw Error(path.string(), std::string("cannot open: ") + std::strerror(errno));
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    ::close(file_);
    throw Error(run.string(), "another process is training in this run; wait for it or stop it");
  }
}

RunLock::~RunLock() { ::close(file_); }

}  // namespace tengen::selfplay
