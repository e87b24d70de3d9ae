// Runs the command line in this process and captures what it prints.
#pragma once

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "tools/cli.hpp"

namespace tengen::test {

struct CliResult {
  int code = 0;
  std::string out, err;
};

/// A stream's text for the lifetime of this object.
class Capture {
 public:
  explicit Capture(std::ostream& stream) : stream_(stream), old_(stream.rdbuf(text_.rdbuf())) {}
  ~Capture() { stream_.rdbuf(old_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostream& stream_;
  std::ostringstream text_;
  std::streambuf* old_;
};

inline CliResult run_cli(const std::vector<std::string>& args) {
  std::vector<const char*> argv = {"tengen"};
  for (const std::string& arg : args) argv.push_back(arg.c_str());
  const Capture out(std::cout), err(std::cerr);
  const int code = tools::run_tool(static_cast<int>(argv.size()), argv.data());
  return {code, out.text(), err.text()};
}

}  // namespace tengen::test
