// What board games on a rectangular grid share: its symmetries and the text of its cells.
//
// Cells are row * width + column, row 0 at the top as printed. A square has the 8 symmetries of the
// dihedral group, a rectangle the 4 without transposition. Symmetry s is: transpose if s & 4, then
// mirror the columns if s & 1, then mirror the rows if s & 2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tengen::envs {

struct Grid {
  int width = 0, height = 0;

  int cells() const { return width * height; }
  int num_symmetries() const { return width == height ? 8 : 4; }
  /// The cell that `cell` moves to; symmetry in [0, num_symmetries()).
  int transform(int symmetry, int cell) const;

  friend bool operator==(const Grid&, const Grid&) = default;
};

/// Letter of a column, 'A' to 'Z' without 'I' (25 columns), as Go and GTP write it.
char column_letter(int column);

/// "D4": column letter, then the row counted from 1 at the bottom.
std::string cell_to_string(const Grid& grid, int cell);

/// The same with a small letter: "d4".
std::string cell_to_lower_string(const Grid& grid, int cell);

/// Inverse of both, case-insensitive; nullopt if it names no cell of the grid.
std::optional<int> parse_cell(const Grid& grid, std::string_view text);

/// "pass", case-insensitive.
bool is_pass(std::string_view text);

}  // namespace tengen::envs
