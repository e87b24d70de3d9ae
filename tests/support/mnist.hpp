// Where MNIST's four files are, for the tests that learn from them.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

namespace tengen::test {

/// The folder that TENGEN_MNIST names; without it says loudly that the test is skipped.
inline std::optional<std::string> mnist_directory() {
  if (const char* directory = std::getenv("TENGEN_MNIST")) return directory;
  WARN("SKIPPED: TENGEN_MNIST does not name a directory with the four MNIST files");
  std::cout << "SKIPPED: TENGEN_MNIST is not set\n";
  return std::nullopt;
}

}  // namespace tengen::test
