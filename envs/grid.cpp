#include "envs/grid.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace tengen::envs {

int Grid::transform(int symmetry, int cell) const {
  int row = cell / width, column = cell % width;
  if (symmetry & 4) std::swap(row, column);
  if (symmetry & 1) column = width - 1 - column;
  if (symmetry & 2) row = height - 1 - row;
  return row * width + column;
}

char column_letter(int column) {
  return static_cast<char>(column < 8 ? 'A' + column : 'A' + column + 1);
}

std::string cell_to_string(const Grid& grid, int cell) {
  return column_letter(cell % grid.width) + std::to_string(grid.height - cell / grid.width);
}

std::string cell_to_lower_string(const Grid& grid, int cell) {
  std::string text = cell_to_string(grid, cell);
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::optional<int> parse_cell(const Grid& grid, std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const char letter = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  if (letter < 'A' || letter > 'Z' || letter == 'I') return std::nullopt;
  const int column = letter - 'A' - (letter > 'I' ? 1 : 0);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (column >= grid.width || number < 1 || number > grid.height) return std::nullopt;
  return (grid.height - number) * grid.width + column;
}

bool is_pass(std::string_view text) {
  const auto equal = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  };
  return std::ranges::equal(text, std::string_view("pass"), equal);
}

}  // namespace tengen::envs
