// Tests that kill their own work: a child process runs one hidden test case of this same program
// (so that it has threads and kernels of its own) and is killed with SIGKILL after a while.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include "engine/base/random.hpp"

namespace tengen::test {

/// What the child was told: the run directory it works in and the pipe it reports to.
struct ChildTask {
  std::filesystem::path run;
  int pipe = -1;

  /// Nothing in a process that is no such child; warns that the test was skipped.
  static std::optional<ChildTask> given() {
    const char* run = std::getenv("TENGEN_KILL_TEST_RUN");
    const char* pipe = std::getenv("TENGEN_KILL_TEST_PIPE");
    if (run && pipe) return ChildTask{run, std::atoi(pipe)};
    WARN("SKIPPED: only the kill test starts this");
    return std::nullopt;
  }
  /// One write, so that a kill cannot tear it.
  void report(const std::string& lines) const {
    if (::write(pipe, lines.data(), lines.size()) < 0) std::_Exit(3);
  }
};

/// Starts the hidden test with this tag ("[kill_child]"), kills it after `seconds`, and returns
/// what it reported. `may_end`: it may have done all its work by then.
inline std::string run_and_kill(const char* tag, const std::filesystem::path& run, double seconds,
                                bool may_end = false) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const std::string pipe_text = std::to_string(ends[1]);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::setenv("TENGEN_KILL_TEST_RUN", run.c_str(), 1);
    ::setenv("TENGEN_KILL_TEST_PIPE", pipe_text.c_str(), 1);
    const int null = ::open("/dev/null", O_WRONLY);
    ::dup2(null, STDOUT_FILENO);
    ::execl("/proc/self/exe", "selfplay_tests", tag, static_cast<char*>(nullptr));
    std::_Exit(127);
  }
  ::close(ends[1]);
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  int status = 0;
  const bool at_work = ::waitpid(child, &status, WNOHANG) == 0;
  REQUIRE((at_work || (may_end && WIFEXITED(status) && WEXITSTATUS(status) == 0)));
  if (at_work) {
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
  }
  std::string text;
  char chunk[4096];
  for (ssize_t n; (n = ::read(ends[0], chunk, sizeof chunk)) > 0;)
    text.append(chunk, static_cast<std::size_t>(n));
  ::close(ends[0]);
  return text;
}

/// Random moments to kill at. A kill that came before any work makes the next ones later, so that
/// a slow machine (or a sanitizer) shows as much as a quick one.
class KillMoments {
 public:
  KillMoments(std::uint64_t seed, double least, double most)
      : rng_(seed), least_(least), most_(most) {}
  double next() { return patience_ * rng_.uniform(least_, most_); }
  void came_before_any_work() { patience_ *= 2; }

 private:
  Rng rng_;
  const double least_, most_;
  double patience_ = 1;
};

}  // namespace tengen::test
