#include "tools/gtp/line_reader.hpp"

#include <istream>
#include <string>
#include <utility>

namespace tengen::gtp {

LineReader::LineReader(std::istream& in) : thread_([this, &in] { read_all(in); }) {}

LineReader::~LineReader() { thread_.join(); }

void LineReader::read_all(std::istream& in) {
  std::string line;
  bool quit = false;
  while (!quit && std::getline(in, line)) {
    std::optional<Request> request = parse_request(line);
    if (!request) continue;
    quit = request->command == "quit";
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(*request));
    changed_.notify_one();
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_one();
}

std::optional<Request> LineReader::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || !requests_.empty(); });
  if (requests_.empty()) return std::nullopt;
  Request request = std::move(requests_.front());
  requests_.pop_front();
  return request;
}

bool LineReader::waiting() const {
  const std::lock_guard lock(mutex_);
  return ended_ || !requests_.empty();
}

}  // namespace tengen::gtp
