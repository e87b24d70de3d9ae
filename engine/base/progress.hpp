// One progress line on stderr: "self-play  312/512 games  41.2 games/s  ETA 5s  loss 1.92".
//
// On a terminal the line redraws in place, cut to its width, and log lines take its row
// (engine/base/terminal.hpp); results on stdout must wait for its end. Elsewhere (a log file) a
// fresh line is written at most every ten seconds and once at the end. Thread-safe: update() may be
// called from any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "engine/base/clock.hpp"

namespace tengen {

/// How much of the work is done, where the count does not tell.
struct WorkDone {
  double share = 0;       // of the time, in [0, 1]
  bool at_least = false;  // a bound: the time left is at most what follows from it
};

class Progress {
 public:
  /// What is left of the line at its end: its last state, or nothing (in a log file: no last line).
  enum class End { kept, erased };

  /// `total` 0: unknown, no ETA. `unit` is what is counted, in the plural ("games").
  Progress(std::string label, std::string unit, std::uint64_t total, End end = End::kept);
  ~Progress();  // finishes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Sets the count done and a short free text shown behind the rate. The time left follows from
  /// `work_done`, without it from the count.
  void update(std::uint64_t done, const std::string& note = "",
              std::optional<WorkDone> work_done = std::nullopt);
  /// Adds to the count done.
  void advance(std::uint64_t by = 1);
  void finish();

  /// The line as it would be shown now, without control characters.
  std::string line() const;

 private:
  void draw(bool last);
  void erase() const;
  std::string render() const;
  std::string time_left(double elapsed) const;

  const std::string label_, unit_;
  const std::uint64_t total_;
  const End end_;
  const bool terminal_;
  Stopwatch watch_;
  mutable std::mutex mutex_;  // guards everything below
  std::uint64_t done_ = 0;
  std::string note_;
  std::optional<WorkDone> work_done_;
  double last_draw_ = -1e9;
  bool finished_ = false;
};

}  // namespace tengen
