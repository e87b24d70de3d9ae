// What actions and observations look like: Gymnasium's spaces, with every element stored as a row
// of floats, so that batches of any space are plain arrays.
//   Discrete(n)          one float: the index 0 to n-1
//   MultiDiscrete([..])  an index each
//   Box                  each number within its bounds (which may be infinite)
#pragma once

#include <span>
#include <string>
#include <vector>

namespace tengen::envs::rl {

class Space {
 public:
  enum class Kind { discrete, multi_discrete, box };

  static Space discrete(int n);
  static Space multi_discrete(std::vector<int> counts);
  /// All numbers with the same bounds; `shape` is [size], or [height, width, channels] for planes.
  static Space box(float low, float high, std::vector<int> shape);
  /// Bounds of its own for each number; without a `shape`, a vector.
  static Space box(std::vector<float> low, std::vector<float> high, std::vector<int> shape = {});

  Kind kind() const { return kind_; }
  /// Floats of one element.
  int size() const { return static_cast<int>(low_.size()); }
  /// Choices of each index; empty for a box.
  const std::vector<int>& counts() const { return counts_; }
  const std::vector<int>& shape() const { return shape_; }
  const std::vector<float>& low() const { return low_; }
  const std::vector<float>& high() const { return high_; }

  /// Floats of the element as a net reads it: indices one-hot, boxes as they are.
  int encoded_size() const;
  /// Writes the element so encoded; `row` has size(), `out` encoded_size().
  void encode(std::span<const float> row, std::span<float> out) const;

  /// Whether `row`, of size() floats, is an element: in its bounds, indices whole, nothing NaN.
  bool contains(std::span<const float> row) const;

  /// As Gymnasium prints it: "Discrete(2)", "Box(-2, 2, (1,))".
  std::string describe() const;

  friend bool operator==(const Space&, const Space&) = default;

 private:
  Kind kind_ = Kind::box;
  std::vector<int> counts_, shape_;
  std::vector<float> low_, high_;
};

}  // namespace tengen::envs::rl
