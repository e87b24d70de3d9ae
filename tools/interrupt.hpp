// Ctrl-C as a request: the first SIGINT or SIGTERM asks the work to end cleanly, the second ends
// the process.
#pragma once

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
};

}  // namespace tengen::tools
