// The two kinds of error that Tengen reports.
//
// A bad argument inside the library throws std::invalid_argument, formatted as
// "[where] expected ..., got ...": use bad_argument(). Everything that concerns the outside world
// (files, formats, processes, databases) throws Error, whose message says what is wrong, where, and
// what would be right. Both are caught only in the tools' mains, the GTP loop and the server: exit
// code 2 for what the user can correct (UsageError, Error), 1 for work that failed.
#pragma once

#include <spdlog/fmt/fmt.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace tengen {

/// A file, a format, a process or a run directory is not what it should be.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
  /// "path: message" or "path: byte offset: message".
  Error(const std::string& path, const std::string& message)
      : std::runtime_error(path + ": " + message) {}
  Error(const std::string& path, std::uint64_t offset, const std::string& message)
      : std::runtime_error(path + ": byte " + std::to_string(offset) + ": " + message) {}
};

/// Throws std::invalid_argument with "[where] " in front of the formatted message.
template <typename... Args>
[[noreturn]] void bad_argument(const char* where, fmt::format_string<Args...> format,
                               Args&&... args) {
  throw std::invalid_argument(fmt::format("[{}] ", where) +
                              fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace tengen
