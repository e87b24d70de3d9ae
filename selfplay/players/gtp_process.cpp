#include "selfplay/players/gtp_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "engine/base/error.hpp"

extern char** environ;

namespace tengen::selfplay {

namespace {

constexpr int kReadEnd = 0, kWriteEnd = 1;
constexpr auto kQuitPatience = std::chrono::milliseconds(500);
constexpr double kStopInterval = 0.1;                 // seconds between two looks at the stop flag
constexpr int kNotFound = 127, kNotExecutable = 126;  // a shell's exit status

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Keeps a write to a dead program's pipe from raising SIGPIPE in this thread: it gives EPIPE.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    const timespec no_wait{};
    while (sigtimedwait(&pipe_, nullptr, &no_wait) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_, before_;
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Waits a moment for the end of a child; nullopt if it goes on. It can still be waited for.
std::optional<siginfo_t> end_of(pid_t child) {
  const double deadline = now_seconds() + std::chrono::duration<double>(kQuitPatience).count();
  while (true) {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT);
    if (info.si_pid != 0) return info;
    if (now_seconds() > deadline) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

GtpProcess::GtpProcess(std::string command_line, double timeout_seconds,
                       const std::atomic<bool>* stop)
    : command_line_(std::move(command_line)), timeout_seconds_(timeout_seconds), stop_(stop) {
  int to[2], from[2];
  if (::pipe2(to, O_CLOEXEC) != 0) fail(std::strerror(errno));
  if (::pipe2(from, O_CLOEXEC) != 0) {
    ::close(to[kReadEnd]);
    ::close(to[kWriteEnd]);
    fail(std::strerror(errno));
  }
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, to[kReadEnd], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, from[kWriteEnd], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::string script = "exec " + command_line_;
  std::string shell = "sh", option = "-c";
  char* arguments[] = {shell.data(), option.data(), script.data(), nullptr};
  const int error = ::posix_spawn(&pid_, "/bin/sh", &files, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  ::close(to[kReadEnd]);
  ::close(from[kWriteEnd]);
  to_child_ = to[kWriteEnd];
  from_child_ = from[kReadEnd];
  if (error != 0) {
    ::close(to_child_);
    ::close(from_child_);
    fail(std::strerror(error));
  }
  try {
    guard_.emplace(pid_);
  } catch (...) {
    end();
    throw;
  }
}

GtpProcess::~GtpProcess() { end(); }

void GtpProcess::end() {
  {
    const NoSigpipe guard;
    static_cast<void>(::write(to_child_, "quit\n", 5));
  }
  ::close(to_child_);
  ::close(from_child_);
  if (!end_of(pid_)) ::kill(-pid_, SIGKILL);
  guard_.reset();
  ::waitpid(pid_, nullptr, 0);
}

void GtpProcess::fail(const std::string& what) {
  std::string message = fmt::format("GTP program '{}': {}", command_line_, what);
  constexpr std::size_t kShown = 200;
  if (!last_line_.empty())
    message += fmt::format("; its last line was '{}{}'", last_line_.substr(0, kShown),
                           last_line_.size() > kShown ? " ..." : "");
  throw Error(message);
}

void GtpProcess::fail_ended(const std::string& when) {
  const auto end = end_of(pid_);
  const bool exited = end && end->si_code == CLD_EXITED;
  if (exited && last_line_.empty() && end->si_status == kNotFound)
    fail("not found: is it installed?");
  if (exited && last_line_.empty() && end->si_status == kNotExecutable) fail("cannot be executed");
  fail(when);
}

std::string GtpProcess::exchange(const std::string& line) {
  send(line);
  return read_answer(line);
}

std::string GtpProcess::command(const std::string& line) {
  const std::string answer = exchange(line);
  if (answer[0] != '=') fail(fmt::format("refused '{}': {}", line, trimmed(answer.substr(1))));
  return trimmed(answer.substr(1));
}

void GtpProcess::send(const std::string& line) {
  const NoSigpipe guard;
  const std::string text = line + "\n";
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t n = ::write(to_child_, text.data() + sent, text.size() - sent);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_ended(fmt::format("has ended before '{}'", line));
    sent += static_cast<std::size_t>(n);
  }
}

/// An answer runs from a line that starts with '=' or '?' to an empty line.
std::string GtpProcess::read_answer(const std::string& line) {
  const double deadline = now_seconds() + timeout_seconds_;
  std::string answer;
  while (true) {
    const std::size_t end = buffer_.find('\n');
    if (end == std::string::npos) {
      read_more(deadline, line);
      continue;
    }
    const std::string text = trimmed(buffer_.substr(0, end));
    buffer_.erase(0, end + 1);
    if (!text.empty()) last_line_ = text;
    if (answer.empty()) {
      if (!text.empty() && (text[0] == '=' || text[0] == '?')) answer = text;
    } else if (text.empty()) {
      return answer;
    } else {
      answer += "\n" + text;
    }
  }
}

void GtpProcess::read_more(double deadline_seconds, const std::string& line) {
  while (true) {
    const double left = deadline_seconds - now_seconds();
    // A child that writes without end is never idle: the clock decides, not poll alone.
    if (left <= 0) fail(fmt::format("did not answer '{}' within {} s", line, timeout_seconds_));
    if (stopped()) fail(fmt::format("was stopped before it answered '{}'", line));
    pollfd descriptor{from_child_, POLLIN, 0};
    const double wait = std::min(left, kStopInterval);
    if (::poll(&descriptor, 1, static_cast<int>(wait * 1000) + 1) <= 0) continue;
    char chunk[4096];
    const ssize_t n = ::read(from_child_, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail_ended(fmt::format("ended without answering '{}'", line));
    buffer_.append(chunk, static_cast<std::size_t>(n));
    return;
  }
}

}  // namespace tengen::selfplay
