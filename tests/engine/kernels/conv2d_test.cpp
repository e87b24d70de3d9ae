#include <catch2/catch.hpp>
#include <vector>

#include "engine/kernels/backend.hpp"
#include "tests/support/nan_tensors.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using kernels::Backend;
using kernels::Conv2dParams;
using test::dot;
using test::random_tensor;
using test::relative_difference;

namespace {

struct Case {
  Shape x, weight;
  Conv2dParams params;
  Shape y() const {
    return {x[0], kernels::conv_output_size(x[1], weight[1], params),
            kernels::conv_output_size(x[2], weight[2], params), weight[0]};
  }
};

std::string describe(const Case& c) {
  return "x " + to_string(c.x) + " weight " + to_string(c.weight) + " stride " +
         std::to_string(c.params.stride) + " padding " + std::to_string(c.params.padding) +
         " dilation " + std::to_string(c.params.dilation) + " groups " +
         std::to_string(c.params.groups);
}

/// Every combination of these that makes a convolution, on odd and even images and channels.
std::vector<Case> generated_cases() {
  std::vector<Case> cases;
  for (int kernel : {1, 2, 3, 5})
    for (int stride : {1, 2, 3})
      for (int padding : {0, 1, 2})
        for (int dilation : {1, 2})
          for (int groups : {1, 3}) {
            const int in = 3 * (1 + kernel % 3), out = 3 * (1 + stride);
            const Case c{{2, 7, 10, in},
                         {out, kernel, kernel, in / groups},
                         {stride, padding, dilation, groups}};
            if (c.y()[1] > 0 && c.y()[2] > 0) cases.push_back(c);
          }
  return cases;
}

/// The shapes of AlphaZero nets and some that stress the vector code's remainders.
std::vector<Case> chosen_cases() {
  return {
      {{8, 9, 9, 17}, {96, 3, 3, 17}, {.padding = 1}},
      {{8, 9, 9, 96}, {96, 3, 3, 96}, {.padding = 1}},
      {{8, 9, 9, 96}, {2, 1, 1, 96}, {}},
      {{8, 9, 9, 96}, {1, 1, 1, 96}, {}},
      {{3, 19, 19, 33}, {47, 3, 3, 33}, {.padding = 1}},
      {{1, 6, 7, 3}, {64, 3, 3, 3}, {.padding = 1}},
      {{2, 9, 5, 64}, {16, 1, 1, 64}, {}},
      {{2, 1, 1, 5}, {7, 3, 3, 5}, {.padding = 1}},
      {{2, 28, 28, 1}, {6, 5, 5, 1}, {.padding = 2}},
      {{2, 12, 11, 4}, {8, 3, 5, 4}, {.stride = 2}},
      {{2, 8, 8, 32}, {32, 3, 3, 1}, {.padding = 1, .groups = 32}},
      {{2, 8, 8, 12}, {24, 3, 3, 1}, {.stride = 2, .padding = 1, .groups = 12}},
  };
}

/// The definition, element by element: independent of the reference's matrix products.
Tensor conv2d_by_definition(const Tensor& x, const Tensor& w, const Case& c) {
  Tensor y = Tensor::zeros(c.y(), DType::f64);
  const auto in = x.values<double>(), weight = w.values<double>();
  const auto out = y.values<double>();
  const std::int64_t channels = c.weight[3], per_group = c.weight[0] / c.params.groups;
  std::size_t i = 0;
  for (std::int64_t n = 0; n < c.y()[0]; ++n)
    for (std::int64_t oy = 0; oy < c.y()[1]; ++oy)
      for (std::int64_t ox = 0; ox < c.y()[2]; ++ox)
        for (std::int64_t o = 0; o < c.y()[3]; ++o, ++i)
          for (std::int64_t ky = 0; ky < c.weight[1]; ++ky)
            for (std::int64_t kx = 0; kx < c.weight[2]; ++kx)
              for (std::int64_t k = 0; k < channels; ++k) {
                const auto iy = oy * c.params.stride - c.params.padding + ky * c.params.dilation;
                const auto ix = ox * c.params.stride - c.params.padding + kx * c.params.dilation;
                if (iy < 0 || iy >= c.x[1] || ix < 0 || ix >= c.x[2]) continue;
                const auto ic = o / per_group * channels + k;
                out[i] += in[((n * c.x[1] + iy) * c.x[2] + ix) * c.x[3] + ic] *
                          weight[((o * c.weight[1] + ky) * c.weight[2] + kx) * channels + k];
              }
  return y;
}

void check_agreement(const Case& c, std::uint64_t seed) {
  INFO(describe(c));
  Rng rng(seed);
  const Tensor x = random_tensor(c.x, rng), weight = random_tensor(c.weight, rng);
  const Tensor bias = random_tensor({c.weight[0]}, rng), dy = random_tensor(c.y(), rng);
  const Backend &fast = kernels::onednn(), &slow = kernels::reference();
  CHECK(relative_difference(fast.conv2d(x, weight, bias, c.params),
                            slow.conv2d(x, weight, bias, c.params)) < 1e-5);
  CHECK(relative_difference(fast.conv2d(x, weight, {}, c.params),
                            slow.conv2d(x, weight, {}, c.params)) < 1e-5);
  CHECK(relative_difference(fast.conv2d_backward_data(dy, weight, c.x, c.params),
                            slow.conv2d_backward_data(dy, weight, c.x, c.params)) < 1e-5);
  CHECK(relative_difference(fast.conv2d_backward_weight(dy, x, c.weight, c.params),
                            slow.conv2d_backward_weight(dy, x, c.weight, c.params)) < 1e-5);
}

}  // namespace

TEST_CASE("Output size of a convolution counts the whole windows", "[engine][kernels][conv2d]") {
  CHECK(kernels::conv_output_size(9, 3, {.padding = 1}) == 9);
  CHECK(kernels::conv_output_size(10, 3, {.stride = 2}) == 4);
  CHECK(kernels::conv_output_size(7, 3, {.dilation = 3}) == 1);
  CHECK(kernels::conv_output_size(2, 3, {}) == 0);
  CHECK(kernels::conv_output_size(1, 3, {.stride = 3}) == 0);
}

TEST_CASE("A convolution worked by hand", "[engine][kernels][conv2d]") {
  // 1 2 3      1  0          the kernel is not flipped: 1 - 5, 2 - 6, 4 - 8, 5 - 9, plus the bias
  // 4 5 6  *   0 -1
  // 7 8 9
  const Tensor x = Tensor::from<float>({1, 3, 3, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const Tensor weight = Tensor::from<float>({1, 2, 2, 1}, {1, 0, 0, -1});
  const Tensor bias = Tensor::from<float>({1}, {10});
  const Backend& backend = GENERATE(std::cref(kernels::reference()), std::cref(kernels::onednn()));
  const Tensor y = backend.conv2d(x, weight, bias, {});
  CHECK(y.shape() == Shape{1, 2, 2, 1});
  for (float value : y.values<float>()) CHECK(value == 6.0f);
}

TEST_CASE("Reference convolution equals its definition", "[engine][kernels][conv2d][C13]") {
  Rng rng(1);
  for (const Case& c : generated_cases()) {
    INFO(describe(c));
    const Tensor x = random_tensor(c.x, rng, DType::f64);
    const Tensor weight = random_tensor(c.weight, rng, DType::f64);
    const Tensor y = kernels::reference().conv2d(x, weight, {}, c.params);
    CHECK(relative_difference(y, conv2d_by_definition(x, weight, c)) < 1e-13);
  }
}

TEST_CASE("Reference gradients of a convolution are its adjoints",
          "[engine][kernels][conv2d][C13]") {
  // <conv(x, w), dy> is linear in x and in w, so it equals <x, dx> and <w, dw>.
  Rng rng(2);
  const Backend& backend = kernels::reference();
  for (const Case& c : generated_cases()) {
    INFO(describe(c));
    const Tensor x = random_tensor(c.x, rng, DType::f64);
    const Tensor weight = random_tensor(c.weight, rng, DType::f64);
    const Tensor dy = random_tensor(c.y(), rng, DType::f64);
    const double expected = dot(backend.conv2d(x, weight, {}, c.params), dy);
    CHECK(dot(x, backend.conv2d_backward_data(dy, weight, c.x, c.params)) ==
          Approx(expected).epsilon(1e-11).margin(1e-9));
    CHECK(dot(weight, backend.conv2d_backward_weight(dy, x, c.weight, c.params)) ==
          Approx(expected).epsilon(1e-11).margin(1e-9));
  }
}

TEST_CASE("oneDNN convolution and its gradients agree with the reference",
          "[engine][kernels][conv2d][onednn]") {
  std::uint64_t seed = 3;
  {
    const kernels::ScopedThreads one(1);
    for (const Case& c : generated_cases()) check_agreement(c, seed++);
  }
  for (const Case& c : chosen_cases()) check_agreement(c, seed++);
}

TEST_CASE("A convolution gives the same result when its primitive is used again",
          "[engine][kernels][conv2d][onednn]") {
  // Packed weights and data handles of an earlier call must not show through.
  Rng rng(4);
  const Conv2dParams params{.padding = 1};
  const Backend &fast = kernels::onednn(), &slow = kernels::reference();
  for (int round = 0; round < 3; ++round) {
    const Tensor x = random_tensor({2, 5, 5, 8}, rng), weight = random_tensor({16, 3, 3, 8}, rng);
    CHECK(relative_difference(fast.conv2d(x, weight, {}, params),
                              slow.conv2d(x, weight, {}, params)) < 1e-5);
  }
}

TEST_CASE("Convolution of an empty batch is empty and its weight gradient zero",
          "[engine][kernels][conv2d]") {
  const Tensor x({0, 5, 5, 2}), dy({0, 3, 3, 4});
  const Tensor weight = Tensor::full({4, 3, 3, 2}, 1);
  const Backend& backend = GENERATE(std::cref(kernels::reference()), std::cref(kernels::onednn()));
  CHECK(backend.conv2d(x, weight, {}, {}).shape() == dy.shape());
  CHECK(backend.conv2d_backward_data(dy, weight, x.shape(), {}).shape() == x.shape());
  const Tensor dweight = backend.conv2d_backward_weight(dy, x, weight.shape(), {});
  CHECK(std::ranges::all_of(dweight.values<float>(), [](float g) { return g == 0; }));
}

// bf16 inputs are given exactly, so only the rounding of the weight (2^-9) and of the result
// remain; gradients of the weight come out in f32.
TEST_CASE("bf16 convolutions agree with float ones to the precision of bf16",
          "[engine][kernels][conv2d][bf16]") {
  Rng rng(7);
  for (const Case& c : chosen_cases()) {
    INFO(describe(c));
    const Tensor x = random_tensor(c.x, rng, DType::bf16),
                 dy = random_tensor(c.y(), rng, DType::bf16);
    const Tensor weight = random_tensor(c.weight, rng);
    const Tensor x32 = x.to(DType::f32), dy32 = dy.to(DType::f32);
    const Backend& slow = kernels::reference();
    const Backend& backend = kernels::default_for(DType::bf16);
    const Tensor y = backend.conv2d(x, weight, {}, c.params);
    CHECK(y.dtype() == DType::bf16);
    CHECK(relative_difference(y, slow.conv2d(x32, weight, {}, c.params)) < 0.01);
    const Tensor dx = backend.conv2d_backward_data(dy, weight, c.x, c.params);
    CHECK(dx.dtype() == DType::bf16);
    CHECK(relative_difference(dx, slow.conv2d_backward_data(dy32, weight, c.x, c.params)) < 0.01);
    const Tensor dweight = backend.conv2d_backward_weight(dy, x, c.weight, c.params);
    CHECK(dweight.dtype() == DType::f32);
    CHECK(relative_difference(dweight, slow.conv2d_backward_weight(dy32, x32, c.weight, c.params)) <
          1e-5);
  }
}
