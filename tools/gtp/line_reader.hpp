// Reads requests on a thread of its own, so that a running search can see that input waits.
//
// The thread ends by itself at the end of input or after a "quit": nobody needs to interrupt a
// blocked read, and the destructor can join it.
#pragma once

#include <condition_variable>
#include <deque>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <thread>

#include "tools/gtp/engine.hpp"

namespace tengen::gtp {

class LineReader {
 public:
  /// `in` must outlive the reader and belongs to it until then.
  explicit LineReader(std::istream& in);
  /// Waits for the end of input or a quit.
  ~LineReader();

  /// The next request; blocks; nullopt once the input has ended.
  std::optional<Request> next();
  /// next() would return at once: a request has been read, or the input has ended.
  bool waiting() const;

 private:
  void read_all(std::istream& in);

  mutable std::mutex mutex_;  // guards requests_ and ended_
  std::condition_variable changed_;
  std::deque<Request> requests_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace tengen::gtp
