#include "tools/gtp/line_reader.hpp"

#include <istream>
#include <string>
#include <string_view>
#include <utility>

namespace tengen::gtp {
namespace {

/// "# interrupt", the spaces as they come.
bool is_interrupt(std::string_view line) {
  const auto hash = line.find_first_not_of(" \t");
  if (hash == std::string_view::npos || line[hash] != '#') return false;
  line.remove_prefix(hash + 1);
  const auto word = line.find_first_not_of(" \t");
  constexpr std::string_view kWord = "interrupt";
  if (word == std::string_view::npos || line.substr(word, kWord.size()) != kWord) return false;
  return line.find_first_not_of(" \t\r", word + kWord.size()) == std::string_view::npos;
}

}  // namespace

LineReader::LineReader(std::istream& in, std::function<void(bool)> interrupt)
    : interrupt_(std::move(interrupt)), thread_([this, &in] { read_all(in); }) {}

LineReader::~LineReader() { thread_.join(); }

void LineReader::read_all(std::istream& in) {
  std::string line;
  bool quit = false;
  while (!quit && std::getline(in, line)) {
    std::optional<Request> request = parse_request(line);
    quit = request && request->command == "quit";
    const std::lock_guard lock(mutex_);
    if (request) ++read_;
    if (interrupt_ && is_interrupt(line)) {
      interrupted_ = read_;
      interrupt_(true);
    }
    lines_.push_back(std::move(request));
    changed();
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed();
}

/// Under the lock, after each change of lines_ or ended_.
void LineReader::changed() {
  waiting_ = ended_ || !lines_.empty();
  if (!waiting_) return;
  arrived_.notify_one();
  waiting_.notify_all();
}

std::optional<Request> LineReader::next() {
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [this] { return waiting_.load(); });
    if (lines_.empty()) return std::nullopt;
    std::optional<Request> request = std::move(lines_.front());
    lines_.pop_front();
    changed();
    if (!request) continue;
    if (interrupt_ && ++given_ > interrupted_) interrupt_(false);
    return request;
  }
}

}  // namespace tengen::gtp
