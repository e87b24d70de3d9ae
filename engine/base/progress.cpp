#include "engine/base/progress.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>

#include "engine/base/terminal.hpp"

namespace tengen {

namespace {
constexpr double kTerminalInterval = 0.1;  // seconds between redraws
constexpr double kLogInterval = 10.0;

/// In the leftmost columns of the terminal: a line that wraps could not be redrawn.
std::string fitted(const std::string& text) {
  const int columns = stderr_columns();
  return columns > 1 ? text.substr(0, static_cast<std::size_t>(columns - 1)) : text;
}
}  // namespace

Progress::Progress(std::string label, std::string unit, std::uint64_t total, End end)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      end_(end),
      terminal_(stderr_is_terminal()) {
  if (!terminal_) last_draw_ = 0;
}

Progress::~Progress() { finish(); }

void Progress::update(std::uint64_t done, const std::string& note,
                      std::optional<WorkDone> work_done) {
  std::lock_guard lock(mutex_);
  done_ = done;
  note_ = note;
  work_done_ = work_done;
  draw(false);
}

void Progress::advance(std::uint64_t by) {
  std::lock_guard lock(mutex_);
  done_ += by;
  draw(false);
}

void Progress::finish() {
  std::lock_guard lock(mutex_);
  if (finished_) return;
  finished_ = true;
  if (end_ == End::kept)
    draw(true);
  else
    erase();
}

std::string Progress::line() const {
  std::lock_guard lock(mutex_);
  return render();
}

std::string Progress::render() const {
  const double elapsed = std::max(watch_.seconds(), 1e-9);
  const double rate = static_cast<double>(done_) / elapsed;
  std::string text = label_ + "  " + std::to_string(done_);
  if (total_ > 0) text += "/" + std::to_string(total_);
  text += fmt::format(" {}  {:.{}f} {}/s", unit_, rate, rate < 100 ? 1 : 0, unit_);
  if (finished_ || done_ >= total_)
    text += "  in " + format_duration(elapsed);
  else
    text += time_left(elapsed);
  if (!note_.empty()) text += "  " + note_;
  return text;
}

/// Empty as long as nothing is done.
std::string Progress::time_left(double elapsed) const {
  const WorkDone count{.share = static_cast<double>(done_) / static_cast<double>(total_)};
  const auto& [share, at_least] = work_done_.value_or(count);
  if (share <= 0) return "";
  return fmt::format("  ETA {}{}", at_least ? "at most " : "",
                     format_duration(elapsed * (1 - share) / share));
}

void Progress::draw(bool last) {
  const double now = watch_.seconds();
  if (!last && now - last_draw_ < (terminal_ ? kTerminalInterval : kLogInterval)) return;
  last_draw_ = now;
  const std::string text = render();
  if (terminal_)
    std::fprintf(stderr, "%s%s%s", kClearLine, last ? text.c_str() : fitted(text).c_str(),
                 last ? "\n" : "");
  else
    std::fprintf(stderr, "%s\n", text.c_str());
  std::fflush(stderr);
}

void Progress::erase() const {
  if (!terminal_) return;
  std::fputs(kClearLine, stderr);
  std::fflush(stderr);
}

}  // namespace tengen
