#include "engine/data/labelled_images.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <numbers>

#include "engine/base/error.hpp"
#include "engine/data/idx_file.hpp"

namespace tengen {

namespace {

std::string mnist_file(const std::string& directory, const std::string& name) {
  for (const char* ending : {"", ".gz"}) {
    const std::filesystem::path path = std::filesystem::path(directory) / (name + ending);
    if (std::filesystem::exists(path)) return path.string();
  }
  throw Error(directory, fmt::format("expected MNIST's file {} or {}.gz there", name, name));
}

// Of an IDX file: the byte with the number of dimensions, and the first value of one dimension.
constexpr std::uint64_t kDimsOffset = 3, kLabelsOffset = 8;

void check_dims(const IdxArray& array, std::size_t dims, const char* what,
                const std::string& path) {
  if (array.dims.size() != dims)
    throw idx_error(path, array.packed, kDimsOffset,
                    fmt::format("expected {}, {} dimension{}, got {}", what, dims,
                                dims > 1 ? "s" : "", array.dims.size()));
}

/// x' = A x + b, in pixels about the centre of the image.
struct Affine {
  double a = 1, b = 0, c = 0, d = 1, shift_y = 0, shift_x = 0;
};

Affine random_affine(const Distortion& distortion, Rng& rng) {
  const double angle = rng.uniform(-1, 1) * distortion.rotation * std::numbers::pi / 180;
  const double factor = 1 / (1 + rng.uniform(-1, 1) * distortion.scale);
  const double sine = std::sin(angle) * factor, cosine = std::cos(angle) * factor;
  return {cosine,
          -sine,
          sine,
          cosine,
          rng.uniform(-1, 1) * distortion.shift,
          rng.uniform(-1, 1) * distortion.shift};
}

/// One channel-last image seen through `map`: the output at y is the input at map(y).
void warp(const float* in, float* out, std::int64_t height, std::int64_t width,
          std::int64_t channels, const Affine& map) {
  const double middle_y = (height - 1) / 2.0, middle_x = (width - 1) / 2.0;
  const auto pixel = [&](std::int64_t y, std::int64_t x, std::int64_t c) {
    const bool inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside ? in[(y * width + x) * channels + c] : 0.0f;
  };
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      const double dy = y - middle_y, dx = x - middle_x;
      const double from_y = map.a * dy + map.b * dx + middle_y + map.shift_y;
      const double from_x = map.c * dy + map.d * dx + middle_x + map.shift_x;
      const auto y0 = static_cast<std::int64_t>(std::floor(from_y));
      const auto x0 = static_cast<std::int64_t>(std::floor(from_x));
      const auto v = static_cast<float>(from_y - y0), u = static_cast<float>(from_x - x0);
      for (std::int64_t c = 0; c < channels; ++c)
        out[(y * width + x) * channels + c] =
            (1 - v) * ((1 - u) * pixel(y0, x0, c) + u * pixel(y0, x0 + 1, c)) +
            v * ((1 - u) * pixel(y0 + 1, x0, c) + u * pixel(y0 + 1, x0 + 1, c));
    }
}

/// Images lie anywhere in an array too large for the caches: one is on its way while another is
/// copied.
void prefetch(const float* image, std::size_t size) {
  constexpr std::size_t kLine = 64 / sizeof(float);
  for (std::size_t i = 0; i < size; i += kLine) __builtin_prefetch(image + i);
}

}  // namespace

LabelledImages load_mnist(const std::string& directory, Split split) {
  const std::string prefix = split == Split::train ? "train" : "t10k";
  const std::string images_path = mnist_file(directory, prefix + "-images-idx3-ubyte");
  const std::string labels_path = mnist_file(directory, prefix + "-labels-idx1-ubyte");
  const IdxArray images = read_idx(images_path), labels = read_idx(labels_path);
  check_dims(images, 3, "images", images_path);
  check_dims(labels, 1, "labels", labels_path);
  if (labels.dims[0] != images.dims[0])
    throw Error(labels_path, fmt::format("expected {} labels, one for each image, got {}",
                                         images.dims[0], labels.dims[0]));
  LabelledImages data;
  data.classes = 10;
  data.images = Tensor({images.dims[0], images.dims[1], images.dims[2], 1});
  std::transform(images.values.begin(), images.values.end(), data.images.values<float>().begin(),
                 [](std::uint8_t pixel) { return static_cast<float>(pixel) / 255; });
  data.labels.assign(labels.values.begin(), labels.values.end());
  const auto wrong = std::find_if(data.labels.begin(), data.labels.end(),
                                  [&](int label) { return label >= data.classes; });
  if (wrong != data.labels.end())
    throw idx_error(labels_path, labels.packed,
                    kLabelsOffset + static_cast<std::uint64_t>(wrong - data.labels.begin()),
                    fmt::format("expected labels 0 to 9, got {}", *wrong));
  return data;
}

LabelledImages gather(const LabelledImages& data, std::span<const std::uint32_t> indices) {
  std::vector<std::int64_t> dims(data.images.shape().dims().begin(),
                                 data.images.shape().dims().end());
  dims[0] = static_cast<std::int64_t>(indices.size());
  LabelledImages picked{Tensor(Shape(dims)), {}, data.classes};
  const auto size =
      static_cast<std::size_t>(data.images.size() / std::max<std::int64_t>(1, data.size()));
  const float* from = data.images.values<float>().data();
  float* to = picked.images.values<float>().data();
  picked.labels.reserve(indices.size());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (i + 1 < indices.size()) prefetch(from + indices[i + 1] * size, size);
    to = std::copy_n(from + indices[i] * size, size, to);
    picked.labels.push_back(data.labels[indices[i]]);
  }
  return picked;
}

Tensor one_hot(std::span<const int> labels, int classes) {
  Tensor rows = Tensor::zeros({static_cast<std::int64_t>(labels.size()), classes});
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= classes)
      bad_argument("one_hot", "expected labels in [0, {}), got {}", classes, labels[i]);
    rows.values<float>()[i * static_cast<std::size_t>(classes) +
                         static_cast<std::size_t>(labels[i])] = 1;
  }
  return rows;
}

void distort(Tensor& images, const Distortion& distortion, const Rng& rng,
             std::span<const std::uint32_t> numbers) {
  if (!distortion.any()) return;
  const std::int64_t height = images.dim(1), width = images.dim(2), channels = images.dim(3);
  const auto size = static_cast<std::size_t>(height * width * channels);
  if (images.dim(0) != static_cast<std::int64_t>(numbers.size()))
    bad_argument("distort", "expected {} numbers, one for each image, got {}", images.dim(0),
                 numbers.size());
  std::vector<float> original(size);
  float* image = images.values<float>().data();
  for (const std::uint32_t number : numbers) {
    Rng own = rng.split(number);
    std::copy_n(image, size, original.data());
    warp(original.data(), image, height, width, channels, random_affine(distortion, own));
    image += size;
  }
}

}  // namespace tengen
