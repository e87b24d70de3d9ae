#include "tools/text_table.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tengen::tools {
namespace {

/// Characters on the screen: UTF-8 continuation bytes take no column.
std::size_t display_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](unsigned char byte) { return (byte & 0xC0) != 0x80; }));
}

}  // namespace

TextTable::TextTable(std::vector<std::string> header) {
  for (std::string& title : header) {
    left_.push_back(!title.empty() && title[0] == '<');
    header_.push_back(left_.back() ? title.substr(1) : title);
  }
}

void TextTable::add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

std::string TextTable::to_string() const {
  std::vector<std::vector<std::string>> lines = rows_;
  if (std::any_of(header_.begin(), header_.end(), [](const auto& title) { return !title.empty(); }))
    lines.insert(lines.begin(), header_);
  std::vector<std::size_t> widths(header_.size());
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], display_width(line[i]));

  std::string text;
  for (const auto& line : lines) {
    std::string row;
    for (std::size_t i = 0; i < line.size() && i < widths.size(); ++i) {
      const std::string padding(widths[i] - display_width(line[i]), ' ');
      row += (i == 0 ? "" : "  ") + (left_[i] ? line[i] + padding : padding + line[i]);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

std::string short_number(double value) {
  const double size = std::abs(value);
  if (size >= 100) return fmt::format("{:.0f}", value);
  if (size >= 10) return fmt::format("{:.1f}", value);
  if (size >= 1) return fmt::format("{:.2f}", value);
  return fmt::format("{:.3g}", value);
}

}  // namespace tengen::tools
