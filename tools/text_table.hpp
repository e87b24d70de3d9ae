// Aligned columns for the terminal.
#pragma once

#include <string>
#include <vector>

namespace tengen::tools {

class TextTable {
 public:
  /// The header may be empty: then none is printed. Columns whose header starts with '<' are
  /// aligned left ('<' is not printed), the others right.
  explicit TextTable(std::vector<std::string> header);

  void add(std::vector<std::string> row);
  bool empty() const { return rows_.empty(); }

  /// Lines with two spaces between columns, no trailing spaces, each ended by a newline.
  std::string to_string() const;

 private:
  std::vector<bool> left_;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

/// A number for people: "12345", "123.4", "1.23"; three or more digits that matter.
std::string short_number(double value);

}  // namespace tengen::tools
