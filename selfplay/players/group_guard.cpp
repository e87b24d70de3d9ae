#include "selfplay/players/group_guard.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "engine/base/error.hpp"

extern char** environ;

namespace tengen::selfplay {

namespace {

/// Starts the watcher, in a group of its own that no Ctrl-C reaches. Returns errno, or 0.
int start_watcher(pid_t group, int input, pid_t& watcher) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  for (const int output : {STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&files, output, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::string shell = "sh", option = "-c", script = "read end; kill -s KILL -- -$0",
              target = std::to_string(group);
  char* arguments[] = {shell.data(), option.data(), script.data(), target.data(), nullptr};
  const int error = ::posix_spawn(&watcher, "/bin/sh", &files, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

}  // namespace

GroupGuard::GroupGuard(pid_t group) : life_line_(-1) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(fmt::format("pipe: {}", std::strerror(errno)));
  const FileDescriptor input(ends[0]);
  life_line_ = FileDescriptor(ends[1]);
  if (const int error = start_watcher(group, input.number(), watcher_))
    throw Error(fmt::format("/bin/sh: {}", std::strerror(error)));
}

// Killed before its pipe is closed: it must not act once the group's number may be another's.
GroupGuard::~GroupGuard() {
  ::kill(watcher_, SIGKILL);
  ::waitpid(watcher_, nullptr, 0);
}

}  // namespace tengen::selfplay
