#include "engine/data/labelled_lines.hpp"

#include <algorithm>
#include <set>
#include <span>

#include "engine/base/error.hpp"
#include "engine/base/utf8.hpp"
#include "engine/io/text_lines.hpp"

namespace tengen {

namespace {

constexpr std::size_t kLongestLine = 10'000;  // bytes
constexpr double kMostStrings = 1e6;
constexpr int kMostBrackets = 40;

/// Empty if the line is right.
std::string fault_of(const std::string& line) {
  const std::size_t tab = line.find('\t');
  if (line.find('\0') != std::string::npos) return "a NUL byte, so this is no text";
  if (const std::size_t valid = valid_utf8(line); valid < line.size())
    return fmt::format("no UTF-8 at byte {} of the line", valid);
  if (line.size() > kLongestLine) return fmt::format("more than {} bytes", kLongestLine);
  if (tab == std::string::npos) return "no tab";
  if (tab == 0) return "no label before the tab";
  if (tab + 1 == line.size()) return "no text behind the tab";
  return "";
}

bool is_balanced(const std::string& brackets) {
  int depth = 0;
  for (const char c : brackets) {
    depth += c == '(' ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth == 0;
}

std::string draw_balanced(int length, Rng& rng) {
  std::string text;
  int depth = 0;
  for (int left = length; left > 0; --left) {
    const bool opens = depth == 0 || (depth < left && rng.below(2) == 1);
    text += opens ? '(' : ')';
    depth += opens ? 1 : -1;
  }
  return text;
}

/// Of 2 to `longest` brackets: the sum of the Catalan numbers C_k = C_{k-1} (4 k - 2) / (k + 1).
double balanced_strings(int longest) {
  double all = 0, catalan = 1;
  for (int k = 1; k <= longest / 2; ++k) {
    catalan *= (4.0 * k - 2) / (k + 1);
    all += catalan;
  }
  return all;
}

}  // namespace

std::vector<TextPair> load_labelled_lines(const std::string& path) {
  io::TextLines lines(path);
  std::vector<TextPair> pairs;
  for (std::string line; lines.next(line, kLongestLine);) {
    if (const std::string fault = fault_of(line); !fault.empty())
      throw Error(path, fmt::format("line {}: expected LABEL, a tab and TEXT, found {}",
                                    lines.line_number(), fault));
    const std::size_t tab = line.find('\t');
    pairs.push_back({line.substr(tab + 1), line.substr(0, tab)});
  }
  return pairs;
}

std::vector<TextPair> bracket_strings(int count, int longest, Rng& rng) {
  const bool fits = longest >= 4 && longest <= kMostBrackets && longest % 2 == 0;
  const double most = fits ? std::min(balanced_strings(longest) / 4, kMostStrings) : 0;
  if (count < 1 || count > most)
    bad_argument("bracket_strings",
                 "expected an even length of 4 to {} and at most a quarter of all balanced strings "
                 "({:.0f}), got {} and {}",
                 kMostBrackets, most, longest, count);
  std::set<std::string> seen;
  std::vector<TextPair> pairs;
  while (static_cast<int>(pairs.size()) < count) {
    const int half = 1 + static_cast<int>(rng.below(static_cast<std::uint32_t>(longest / 2)));
    std::string text = draw_balanced(2 * half, rng);
    const bool balanced = rng.below(2) == 1;
    while (!balanced && is_balanced(text)) rng.shuffle(std::span(text));
    if (seen.insert(text).second)
      pairs.push_back({std::move(text), balanced ? "balanced" : "unbalanced"});
  }
  return pairs;
}

}  // namespace tengen
