// A child process that speaks GTP over pipes, with a time limit on every answer.
//
// The command line goes to /bin/sh -c "exec ...", in its own process group; its stderr goes to
// /dev/null. posix_spawn rather than Boost.Process: the shell splits and quotes the line as users
// expect, the pipe ends are close-on-exec, so one engine never keeps another's pipes open, and the
// whole group is killed at the end. Thread safety: one thread at a time.
#pragma once

#include <sys/types.h>

#include <string>

namespace tengen::selfplay {

class GtpProcess {
 public:
  GtpProcess(std::string command_line, double timeout_seconds);
  ~GtpProcess();  // sends quit, waits a moment, kills
  GtpProcess(const GtpProcess&) = delete;
  GtpProcess& operator=(const GtpProcess&) = delete;

  /// The answer as it comes, trimmed: "=" or "?", the id if there was one, and the text. Throws
  /// Error for silence or an end.
  std::string exchange(const std::string& line);
  /// The text of a successful answer ("= text"), trimmed. Throws Error for "?", silence or an end.
  std::string command(const std::string& line);

 private:
  std::string read_answer(const std::string& line);
  void read_more(double deadline_seconds, const std::string& line);
  [[noreturn]] void fail(const std::string& what);
  void send(const std::string& line);

  const std::string command_line_;
  const double timeout_seconds_;
  pid_t pid_ = -1;
  int to_child_ = -1, from_child_ = -1;
  std::string buffer_;     // read, not yet consumed
  std::string last_line_;  // last complete line that the program wrote
};

}  // namespace tengen::selfplay
