// Reads requests on a thread of its own, so that a running search can see that input waits and
// stop.
//
// Lines without a request, empty ones and comments, count as waiting input too: front ends send an
// empty line to stop analysis. The comment "# interrupt" (GoGui, gogui-interrupt) is reported at
// once, for the requests that were read before it, and taken back when next() gives a request that
// was read behind it.
// The thread ends by itself at the end of input or after a "quit": nobody needs to interrupt a
// blocked read, and the destructor can join it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <thread>

#include "tools/gtp/engine.hpp"

namespace tengen::gtp {

class LineReader {
 public:
  /// `in` must outlive the reader and belongs to it until then. `interrupt` is called under the
  /// reader's lock: with true on its own thread, with false by next().
  explicit LineReader(std::istream& in, std::function<void(bool)> interrupt = nullptr);
  /// Waits for the end of input or a quit.
  ~LineReader();

  /// The next request; blocks; nullopt once the input has ended.
  std::optional<Request> next();
  /// A line has been read behind the last request that next() gave, or the input has ended. Those
  /// who wait() for it are notified.
  const std::atomic<bool>& waiting() const { return waiting_; }

 private:
  void read_all(std::istream& in);
  void changed();

  std::mutex mutex_;  // guards the fields below
  std::condition_variable arrived_;
  std::deque<std::optional<Request>> lines_;  // nullopt: a line without one
  std::size_t read_ = 0, given_ = 0;          // requests so far, by the thread and by next()
  std::size_t interrupted_ = 0;               // of those read: they came before an interrupt
  bool ended_ = false;
  std::atomic<bool> waiting_ = false;  // written under the lock, read by anybody
  const std::function<void(bool)> interrupt_;
  std::thread thread_;
};

}  // namespace tengen::gtp
