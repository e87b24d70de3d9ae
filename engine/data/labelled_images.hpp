// Images with a class each, in memory: what image classifiers learn from.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/tensor/tensor.hpp"

namespace tengen {

struct LabelledImages {
  Tensor images;            // [N, H, W, C], f32
  std::vector<int> labels;  // N, each in [0, classes)
  int classes = 0;

  std::int64_t size() const { return images.defined() ? images.dim(0) : 0; }
};

enum class Split { train, test };

/// MNIST from the four files of its home page in `directory`, plain or with ".gz": pixels in [0,
/// 1], [60000 or 10000, 28, 28, 1]. Throws Error that names the file (read_idx), also where images
/// and labels do not belong together.
LabelledImages load_mnist(const std::string& directory, Split split);

/// Images and labels of these indices, in their order.
LabelledImages gather(const LabelledImages& data, std::span<const std::uint32_t> indices);

/// Labels as rows with a single 1, [N, classes].
Tensor one_hot(std::span<const int> labels, int classes);

/// How far random distortions of an image go; zeros change nothing.
struct Distortion {
  double rotation = 0;  // degrees to either side
  double scale = 0;     // 0.1: factors of 0.9 to 1.1
  double shift = 0;     // pixels in both directions

  bool any() const { return rotation > 0 || scale > 0 || shift > 0; }
};

/// Turns, scales and shifts each image about its centre by its own random amounts, uniform within
/// `distortion`; bilinear, zero outside. In place. Image i draws from rng.split(numbers[i]): with
/// its number in the data it is distorted alike whichever images come with it.
void distort(Tensor& images, const Distortion& distortion, const Rng& rng,
             std::span<const std::uint32_t> numbers);

}  // namespace tengen
