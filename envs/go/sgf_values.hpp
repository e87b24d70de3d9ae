// The values of SGF properties that Go needs: numbers, board sizes, komi and points.
// Source: SGF FF[4], "Property value types" and "Go specific properties".
// Errors are tengen::Error with the property's offset.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "envs/game.hpp"
#include "envs/go/sgf_tree.hpp"

namespace tengen::envs::go {

class SgfValues {
 public:
  /// `source` names the file in errors and must outlive this.
  explicit SgfValues(const std::string& source) : source_(source) {}

  [[noreturn]] void fail(const SgfProperty& property, const std::string& message) const;

  int number(const SgfProperty& property, std::string_view text, int low, int high) const;
  double komi(const SgfProperty& property) const;
  /// "3:5", Black's first.
  std::array<int, 2> prisoners(const SgfProperty& property) const;
  /// SZ[19], SZ[9:7] or SZ[]; points below are of this board.
  void read_size(const SgfProperty& property);
  int width() const { return width_; }
  int height() const { return height_; }
  /// B and W: a point, or width * height for a pass (empty; "tt" up to 19 x 19).
  Action move(const SgfProperty& property, std::string_view raw) const;
  /// AB, AW, AE: points and rectangles "aa:cc"; empty values are skipped.
  std::vector<Action> points(const SgfProperty& property) const;

 private:
  int point(const SgfProperty& property, std::string_view text) const;

  const std::string& source_;
  int width_ = 19, height_ = 19;
};

/// Nullopt if the text is none.
std::optional<int> whole_number(std::string_view text);

/// "dd", or "" for a pass.
std::string sgf_point(int width, int height, Action action);

/// Without white space at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace tengen::envs::go
