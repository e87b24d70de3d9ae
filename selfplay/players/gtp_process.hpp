// A child process that speaks GTP over pipes, with a time limit on every answer.
//
// The command line goes to /bin/sh -c "exec ...", in its own process group; its stderr goes to
// /dev/null. posix_spawn rather than Boost.Process: the shell splits and quotes the line as users
// expect, the pipe ends are close-on-exec, so one engine never keeps another's pipes open, and the
// whole group is killed at the end, this process's own by a signal too (group_guard.hpp). Thread
// safety: one thread at a time.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <optional>
#include <string>

#include "selfplay/players/group_guard.hpp"

namespace tengen::selfplay {

class GtpProcess {
 public:
  /// `stop` (may be null; any thread may set it): once it is true, an answer that is not there yet
  /// is no longer waited for.
  GtpProcess(std::string command_line, double timeout_seconds,
             const std::atomic<bool>* stop = nullptr);
  ~GtpProcess();  // sends quit, waits a moment, kills
  GtpProcess(const GtpProcess&) = delete;
  GtpProcess& operator=(const GtpProcess&) = delete;

  /// The answer as it comes, trimmed: "=" or "?", the id if there was one, and the text. Throws
  /// Error for silence, an end or a stop.
  std::string exchange(const std::string& line);
  /// The text of a successful answer ("= text"), trimmed. Throws Error for "?" too.
  std::string command(const std::string& line);

 private:
  std::string read_answer(const std::string& line);
  void read_more(double deadline_seconds, const std::string& line);
  [[noreturn]] void fail(const std::string& what);
  /// The program is gone: "has ended before 'name'".
  [[noreturn]] void fail_ended(const std::string& when);
  bool stopped() const { return stop_ && *stop_; }
  void end();
  void send(const std::string& line);

  const std::string command_line_;
  const double timeout_seconds_;
  const std::atomic<bool>* const stop_;
  pid_t pid_ = -1;
  int to_child_ = -1, from_child_ = -1;
  std::string buffer_;     // read, not yet consumed
  std::string last_line_;  // last complete line that the program wrote
  std::optional<GroupGuard> guard_;
};

}  // namespace tengen::selfplay
