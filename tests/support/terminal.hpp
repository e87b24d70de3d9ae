// A pseudo-terminal in place of this process's standard error, and what a person would see there.
#pragma once

#include <pty.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <streambuf>
#include <string>
#include <thread>
#include <vector>

namespace tengen::test {

/// The rows that a terminal of so many columns shows after `bytes`: carriage return, line feed,
/// wrapping, and of the escape sequences "erase to the end of the row".
inline std::vector<std::string> rows_shown(const std::string& bytes, std::size_t columns) {
  std::vector<std::string> rows(1);
  std::size_t row = 0, column = 0;
  const auto next_row = [&] {
    if (++row == rows.size()) rows.emplace_back();
  };
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (c == '\r') {
      column = 0;
    } else if (c == '\n') {
      next_row();
    } else if (c == '\033') {
      i = std::min(bytes.find_first_of("KmH", i), bytes.size() - 1);
      if (bytes[i] == 'K') rows[row].resize(std::min(column, rows[row].size()));
    } else {
      if (column == columns) {
        next_row();
        column = 0;
      }
      rows[row].resize(std::max(rows[row].size(), column + 1), ' ');
      rows[row][column++] = c;
    }
  }
  return rows;
}

/// Standard error is a terminal for the lifetime of this object.
class Terminal {
 public:
  explicit Terminal(int columns) : columns_(static_cast<std::size_t>(columns)) {
    winsize size{};
    size.ws_col = static_cast<unsigned short>(columns);
    size.ws_row = 24;
    int slave = -1;
    REQUIRE(::openpty(&master_, &slave, nullptr, nullptr, &size) == 0);
    old_ = ::dup(STDERR_FILENO);
    ::dup2(slave, STDERR_FILENO);
    ::close(slave);
    reader_ = std::thread([this] { read_all(); });
  }
  ~Terminal() { hang_up(); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Gives standard error back and returns the rows that were shown in the end.
  std::vector<std::string> rows() {
    hang_up();
    return rows_shown(bytes_, columns_);
  }

 private:
  void hang_up() {
    if (!reader_.joinable()) return;
    ::dup2(old_, STDERR_FILENO);
    ::close(old_);
    reader_.join();
    ::close(master_);
  }
  void read_all() {
    char chunk[4096];
    for (ssize_t n; (n = ::read(master_, chunk, sizeof chunk)) > 0;)
      bytes_.append(chunk, static_cast<std::size_t>(n));
  }

  const std::size_t columns_;
  int master_ = -1, old_ = -1;
  std::string bytes_;  // the reader's until it has ended
  std::thread reader_;
};

/// A stream writes to standard error for the lifetime of this object: on one screen with the rest.
class ToStandardError : private std::streambuf {
 public:
  explicit ToStandardError(std::ostream& stream) : stream_(stream), old_(stream.rdbuf(this)) {}
  ~ToStandardError() override { stream_.rdbuf(old_); }

 private:
  int overflow(int byte) override {
    const char c = static_cast<char>(byte);
    return ::write(STDERR_FILENO, &c, 1) == 1 ? byte : EOF;
  }

  std::ostream& stream_;
  std::streambuf* old_;
};

}  // namespace tengen::test
