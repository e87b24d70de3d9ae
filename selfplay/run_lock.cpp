#include "selfplay/run_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>

#include "engine/base/error.hpp"

namespace tengen::selfplay {

RunLock::RunLock(const std::filesystem::path& run)
    : file_(::open((run / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (!file_.valid())
    throw Error((run / "lock").string(), std::string("cannot open: ") + std::strerror(errno));
  if (::flock(file_.number(), LOCK_EX | LOCK_NB) != 0)
    throw Error(run.string(), "another process is training in this run; wait for it or stop it");
}

}  // namespace tengen::selfplay
