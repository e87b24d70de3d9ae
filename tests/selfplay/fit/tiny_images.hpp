// A small image task that can be learned in a moment: 6x6 images of two classes, a bright upper or
// a bright lower half, with noise.
#pragma once

#include "selfplay/fit/image_task.hpp"

namespace tengen::test {

inline LabelledImages tiny_images(int count, std::uint64_t seed) {
  LabelledImages data{Tensor({count, 6, 6, 1}), {}, 2};
  Rng rng(seed);
  float* pixel = data.images.values<float>().data();
  for (int n = 0; n < count; ++n) {
    data.labels.push_back(static_cast<int>(rng.below(2)));
    for (int i = 0; i < 36; ++i)
      *pixel++ = static_cast<float>(rng.uniform() + ((i >= 18) == (data.labels.back() == 1)));
  }
  return data;
}

inline selfplay::ImageTask tiny_image_task(selfplay::ImageTaskOptions options = {}) {
  options.defaults = {
      .net = "mlp:layers=1,hidden=8", .learning_rate = 0.02, .batch = 20, .epochs = 4};
  return {"tiny", tiny_images(200, 1), tiny_images(60, 2), options};
}

}  // namespace tengen::test
