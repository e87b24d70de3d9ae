// Input that stays open after its text, as a pipe from a front end does.
#pragma once

#include <atomic>
#include <chrono>
#include <streambuf>
#include <string>
#include <thread>

namespace tengen::test {

class OpenInput : public std::streambuf {
 public:
  /// `text`, then `again` from time to time until close(), which may come from any thread.
  explicit OpenInput(std::string text, std::string again = "")
      : text_(std::move(text)), again_(std::move(again)) {
    setg(text_.data(), text_.data(), text_.data() + text_.size());
  }
  void close() { open_ = false; }

 protected:
  int_type underflow() override {
    do {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      if (!open_) return traits_type::eof();
    } while (again_.empty());
    text_ = again_;
    setg(text_.data(), text_.data(), text_.data() + text_.size());
    return traits_type::to_int_type(*gptr());
  }

 private:
  std::string text_;
  const std::string again_;
  std::atomic<bool> open_ = true;
};

}  // namespace tengen::test
