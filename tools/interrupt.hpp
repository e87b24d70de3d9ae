// Ctrl-C as a request: the first SIGINT, SIGTERM or SIGHUP (the terminal was closed) asks the work
// to end cleanly, the second ends the process. What was ignored stays so, as under nohup.
#pragma once

#include <array>
#include <atomic>

namespace tengen::tools {

/// Installs the handlers for its lifetime (one at a time) and clears the flag.
class InterruptFlag {
 public:
  InterruptFlag();
  ~InterruptFlag();
  InterruptFlag(const InterruptFlag&) = delete;
  InterruptFlag& operator=(const InterruptFlag&) = delete;

  const std::atomic<bool>& flag() const;

 private:
  using Handler = void (*)(int);
  std::array<Handler, 3> before_{};  // by signal
};

}  // namespace tengen::tools
