// Kills a process group when this process ends, however it ends: SIGKILL leaves no time to tidy up,
// and a program that is thinking does not look at its closed input.
//
// A watcher, a shell with nothing to do, reads a pipe whose other end this process alone holds. The
// kernel closes that end with the process; the watcher then reads the end of file and kills.
// (Linux' parent-death signal would reach the child alone, not what it started.) Thread safety: one
// thread at a time.
#pragma once

#include <sys/types.h>

#include "selfplay/file_descriptor.hpp"

namespace tengen::selfplay {

class GroupGuard {
 public:
  /// From here on. Throws Error if the system gives no process or pipe.
  explicit GroupGuard(pid_t group);
  ~GroupGuard();  // ends the watch; the group is left alone
  GroupGuard(const GroupGuard&) = delete;
  GroupGuard& operator=(const GroupGuard&) = delete;

 private:
  pid_t watcher_ = -1;
  FileDescriptor life_line_;  // the end of the pipe that the watcher does not have
};

}  // namespace tengen::selfplay
