// Wall-clock measurement on the monotonic clock.
#pragma once

#include <chrono>
#include <string>

namespace tengen {

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  void restart() { start_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// "42s", "3m05s", "2h07m".
std::string format_duration(double seconds);

}  // namespace tengen
