#include "envs/go/sgf_values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "engine/base/error.hpp"
#include "envs/go/board.hpp"

namespace tengen::envs::go {
namespace {

/// Column or row of a letter: a-z, then A-Z; -1 if it is none.
int coordinate(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a';
  return c >= 'A' && c <= 'Z' ? c - 'A' + 26 : -1;
}

/// Of the boards that can be played on.
constexpr int kMinSide = 2;

std::string shortened(std::string_view text) { return std::string(text.substr(0, 20)); }

/// Some servers write hundredths (750), some count stones, of which each is two points (3.75).
double mended_komi(double komi) {
  constexpr double kMostStones = 4;
  if (std::abs(komi) >= 200 && std::fmod(komi, 25) == 0) komi /= 100;
  const bool odd_quarters = std::fmod(4 * komi, 2) != 0 && 4 * komi == std::floor(4 * komi);
  return odd_quarters && std::abs(komi) < kMostStones ? 2 * komi : komi;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

void SgfValues::fail(const SgfProperty& property, const std::string& message) const {
  throw Error(source_, property.offset, message);
}

std::optional<int> whole_number(std::string_view text) {
  const std::string_view digits = trimmed(text);
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

int SgfValues::number(const SgfProperty& property, std::string_view text, int low, int high) const {
  const std::optional<int> number = whole_number(text);
  if (!number || *number < low || *number > high)
    fail(property,
         fmt::format("expected a number from {} to {}, got \"{}\"", low, high, shortened(text)));
  return *number;
}

/// Words behind the number ("6.5 points") are not looked at.
double SgfValues::komi(const SgfProperty& property) const {
  std::string text(trimmed(property.values[0]));
  std::replace(text.begin(), text.end(), ',', '.');
  if (text.empty()) return 0;
  char* end = nullptr;
  const double komi = mended_komi(std::strtod(text.c_str(), &end));
  if (end == text.c_str() || !(komi > -1000 && komi < 1000))
    fail(property, "expected a komi, got \"" + shortened(property.values[0]) + '"');
  return komi;
}

std::array<int, 2> SgfValues::prisoners(const SgfProperty& property) const {
  constexpr int kMost = 1'000'000;
  const std::string_view text = property.values[0];
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view white = text.substr(std::min(colon + 1, text.size()));
  return {number(property, text.substr(0, colon), 0, kMost), number(property, white, 0, kMost)};
}

void SgfValues::read_size(const SgfProperty& property) {
  const std::string_view text = property.values[0];
  if (trimmed(text).empty()) return;
  const auto colon = text.find(':');
  width_ = height_ = number(property, text.substr(0, colon), kMinSide, kMaxSide);
  if (colon != std::string_view::npos)
    height_ = number(property, text.substr(colon + 1), kMinSide, kMaxSide);
}

int SgfValues::point(const SgfProperty& property, std::string_view text) const {
  const int column = text.size() == 2 ? coordinate(text[0]) : -1;
  const int row = text.size() == 2 ? coordinate(text[1]) : -1;
  if (column < 0 || column >= width_ || row < 0 || row >= height_)
    fail(property,
         fmt::format("expected a point of {} x {}, got \"{}\"", width_, height_, shortened(text)));
  return row * width_ + column;
}

Action SgfValues::move(const SgfProperty& property, std::string_view raw) const {
  const std::string_view text = trimmed(raw);
  const bool old_pass = text == "tt" && width_ <= 19 && height_ <= 19;
  return text.empty() || old_pass ? width_ * height_ : point(property, text);
}

std::vector<Action> SgfValues::points(const SgfProperty& property) const {
  std::vector<Action> points;
  for (const std::string& value : property.values) {
    const std::string_view text = trimmed(value);
    if (text.empty()) continue;  // "AB[]": no stones
    const auto colon = text.find(':');
    const int from = point(property, text.substr(0, colon));
    const int to = colon == std::string_view::npos ? from : point(property, text.substr(colon + 1));
    const auto [top, bottom] = std::minmax({from / width_, to / width_});
    const auto [left, right] = std::minmax({from % width_, to % width_});
    for (int row = top; row <= bottom; ++row)
      for (int column = left; column <= right; ++column) points.push_back(row * width_ + column);
  }
  return points;
}

std::string sgf_point(int width, int height, Action action) {
  if (action == width * height) return "";
  return {static_cast<char>('a' + action % width), static_cast<char>('a' + action / width)};
}

}  // namespace tengen::envs::go
