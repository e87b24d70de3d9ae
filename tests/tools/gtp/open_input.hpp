// Input that stays open, as a pipe from a front end does, and is typed by the test.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <streambuf>
#include <string>
#include <utility>

namespace tengen::test {

/// One thread reads; any thread may call what is public.
class OpenInput : public std::streambuf {
 public:
  explicit OpenInput(std::string text = "") : typed_(std::move(text)) {}

  void type(const std::string& text) {
    const std::lock_guard lock(mutex_);
    typed_ += text;
    changed_.notify_all();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
    changed_.notify_all();
  }
  /// Until the reader has done with all that was typed and asks for more.
  void wait_until_read() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return asks_ && typed_.empty(); });
  }

 protected:
  /// Ends by itself after a minute, so that a test fails that waits for what never comes.
  int_type underflow() override {
    std::unique_lock lock(mutex_);
    asks_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::minutes(1), [this] { return !open_ || !typed_.empty(); });
    if (typed_.empty()) return traits_type::eof();
    asks_ = false;
    text_ = std::exchange(typed_, "");
    setg(text_.data(), text_.data(), text_.data() + text_.size());
    return traits_type::to_int_type(*gptr());
  }

 private:
  std::mutex mutex_;  // guards typed_, asks_ and open_
  std::condition_variable changed_;
  std::string typed_;
  bool asks_ = false;
  bool open_ = true;
  std::string text_;  // the reader's
};

}  // namespace tengen::test
