#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/kernels/backend.hpp"
#include "engine/kernels/winograd/conv3x3.hpp"
#include "engine/kernels/winograd/filter_matrices.hpp"
#include "engine/kernels/winograd/training.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::kernels::winograd;
using test::random_tensor;
using test::relative_difference;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr double kTolerance = 1e-5;  // of the largest output; the header states half of it

/// One convolution's input; the weights keep outputs near 1, as a trained net's do.
struct Data {
  Data(int batch, int height, int width, int in, int out, std::uint64_t seed = 1) {
    Rng rng(seed);
    x = random_tensor({batch, height, width, in}, rng);
    for (float& v : x.values<float>()) v = std::max(v, 0.0f);
    weight = random_tensor({out, 3, 3, in}, rng);
    for (float& v : weight.values<float>()) v /= std::sqrt(4.5f * static_cast<float>(in));
    bias = random_tensor({out}, rng);
    residual = random_tensor({batch, height, width, out}, rng);
  }
  int height() const { return static_cast<int>(x.dim(1)); }
  int width() const { return static_cast<int>(x.dim(2)); }
  Conv3x3 conv(Isa isa) const { return {height(), width(), weight, bias, isa}; }

  Tensor x, weight, bias, residual;
};

/// Runs `conv` with outputs and scratch full of NaN.
Tensor run(const Conv3x3& conv, const Data& data, bool add_residual = false, bool relu = false) {
  Tensor y = Tensor::full(data.residual.shape(), kNan);
  const int batch = static_cast<int>(data.x.dim(0));
  Tensor scratch = Tensor::full({std::int64_t(conv.scratch_bytes(batch) / sizeof(float))}, kNan);
  conv.run({.batch = batch,
            .x = data.x.values<float>().data(),
            .residual = add_residual ? data.residual.values<float>().data() : nullptr,
            .y = y.values<float>().data(),
            .relu = relu,
            .scratch = static_cast<std::byte*>(scratch.data())});
  return y;
}

Tensor expected(const Data& data, bool add_residual = false, bool relu = false) {
  const kernels::Backend& reference = kernels::reference();
  Tensor y = reference.conv2d(data.x.to(DType::f64), data.weight.to(DType::f64),
                              data.bias.to(DType::f64), {.padding = 1});
  if (add_residual) y = reference.binary(kernels::Binary::add, y, data.residual.to(DType::f64));
  return relu ? reference.unary(kernels::Unary::relu, y) : y;
}

/// All instruction sets that this CPU has (none under DNNL_MAX_CPU_ISA=SSE41).
std::vector<Isa> isas() {
  std::vector<Isa> all;
  for (const Isa isa : {Isa::avx2, Isa::avx512})
    if (has(isa)) all.push_back(isa);
  return all;
}

Tensor rows_of(const Tensor& images, std::int64_t first, std::int64_t count) {
  const std::size_t size = std::size_t(images.size() / images.dim(0));
  return Tensor::from<float>(
      {count, images.dim(1), images.dim(2), images.dim(3)},
      images.values<float>().subspan(std::size_t(first) * size, std::size_t(count) * size));
}

/// y_i = sum_k g_k d_{i+k} by F(m, 3) against the sum itself.
template <int m>
void check_one_dimension() {
  Rng rng(5);
  double d[m + 2], g[3], product[m + 2];
  for (double& v : d) v = rng.normal();
  for (double& v : g) v = rng.normal();
  for (std::size_t p = 0; p < m + 2; ++p) {
    double input = 0, weight = 0;
    for (std::size_t k = 0; k < m + 2; ++k) input += kInputMatrix<m>[p][k] * d[k];
    for (std::size_t k = 0; k < 3; ++k) weight += kWeightMatrix<m>[p][k] * g[k];
    product[p] = input * weight;
  }
  for (std::size_t i = 0; i < m; ++i) {
    double y = 0;
    for (std::size_t p = 0; p < m + 2; ++p) y += kOutputMatrix<m>[i][p] * product[p];
    CHECK(y == Approx(g[0] * d[i] + g[1] * d[i + 1] + g[2] * d[i + 2]).margin(1e-12));
  }
}

template <typename Matrix>
bool exact_in_float(const Matrix& matrix) {
  for (const auto& row : matrix)
    for (const double entry : row)
      if (static_cast<double>(static_cast<float>(entry)) != entry) return false;
  return true;
}

}  // namespace

TEST_CASE("Minimal filtering equals the sums that it replaces", "[engine][kernels][winograd]") {
  check_one_dimension<3>();
  check_one_dimension<4>();
}

TEST_CASE("Winograd matrices applied in fp32 are exact in fp32", "[engine][kernels][winograd]") {
  CHECK(exact_in_float(kInputMatrix<3>));
  CHECK(exact_in_float(kOutputMatrix<3>));
  CHECK(exact_in_float(kInputMatrix<4>));
  CHECK(exact_in_float(kOutputMatrix<4>));
}

TEST_CASE("Winograd convolution agrees with the reference on boards of every size",
          "[engine][kernels][winograd]") {
  for (const Isa isa : isas())
    for (const auto& [height, width] : std::vector<std::pair<int, int>>{{9, 9},
                                                                        {13, 13},
                                                                        {19, 19},
                                                                        {6, 7},
                                                                        {8, 8},
                                                                        {3, 3},
                                                                        {1, 1},
                                                                        {1, 10},
                                                                        {5, 2},
                                                                        {4, 11}}) {
      const Data data(3, height, width, 32, 48);
      INFO(to_string(isa) << ", " << height << " x " << width);
      CHECK(relative_difference(run(data.conv(isa), data), expected(data)) < kTolerance);
    }
}

TEST_CASE("Winograd convolution agrees with the reference for every width of net",
          "[engine][kernels][winograd]") {
  for (const Isa isa : isas())
    for (const auto& [in, out] : std::vector<std::pair<int, int>>{
             {16, 16}, {16, 48}, {48, 16}, {64, 64}, {96, 96}, {128, 128}, {256, 256}}) {
      const Data data(2, 9, 9, in, out);
      INFO(to_string(isa) << ", " << in << " to " << out);
      CHECK(relative_difference(run(data.conv(isa), data), expected(data)) < kTolerance);
    }
}

TEST_CASE("Winograd convolution agrees with the reference for every number of tiles",
          "[engine][kernels][winograd]") {
  // A 3x3 board is one tile: the batch runs through all remainders of the product's row blocks.
  for (const Isa isa : isas()) {
    for (int batch = 1; batch <= 32; ++batch) {
      const Data data(batch, 3, 3, 16, 32);
      INFO(to_string(isa) << ", batch " << batch);
      CHECK(relative_difference(run(data.conv(isa), data), expected(data)) < kTolerance);
    }
  }
}

TEST_CASE("Winograd convolution adds the residual before the ReLU", "[engine][kernels][winograd]") {
  const Data data(2, 9, 9, 32, 32);
  for (const Isa isa : isas())
    for (const bool add : {false, true})
      for (const bool relu : {false, true}) {
        INFO(to_string(isa) << ", residual " << add << ", ReLU " << relu);
        CHECK(relative_difference(run(data.conv(isa), data, add, relu), expected(data, add, relu)) <
              kTolerance);
      }
}

TEST_CASE("Winograd convolution overwrites its residual in place", "[engine][kernels][winograd]") {
  const Data data(5, 7, 7, 32, 32);
  for (const Isa isa : isas()) {
    const Conv3x3 conv = data.conv(isa);
    const Tensor apart = run(conv, data, true, true);
    Data in_place = data;
    in_place.residual = data.residual.clone();
    Tensor scratch({std::int64_t(conv.scratch_bytes(5) / sizeof(float))});
    float* const y = in_place.residual.values<float>().data();
    conv.run({.batch = 5,
              .x = data.x.values<float>().data(),
              .residual = y,
              .y = y,
              .relu = true,
              .scratch = static_cast<std::byte*>(scratch.data())});
    CHECK(relative_difference(in_place.residual, apart) == 0);
  }
}

TEST_CASE("Winograd convolution of a position does not depend on its batch",
          "[engine][kernels][winograd]") {
  const int batch = 23;  // several slices, the last one smaller
  const Data all(batch, 9, 9, 96, 96);
  for (const Isa isa : isas()) {
    const Conv3x3 conv = all.conv(isa);
    const Tensor together = run(conv, all);
    for (const int first : {0, 7, 21}) {
      Data part = all;
      part.x = rows_of(all.x, first, 2);
      part.residual = Tensor({2, 9, 9, 96});
      CHECK(relative_difference(run(conv, part), rows_of(together, first, 2)) == 0);
    }
  }
}

TEST_CASE("A NaN stays in its own position of a Winograd convolution",
          "[engine][kernels][winograd]") {
  Data data(8, 9, 9, 32, 32);
  for (const Isa isa : isas()) {
    const Conv3x3 conv = data.conv(isa);
    const Tensor clean = run(conv, data, false, true);
    Data poisoned = data;
    poisoned.x = data.x.clone();
    const std::size_t image = 9 * 9 * 32;
    std::ranges::fill(poisoned.x.values<float>().subspan(3 * image, image), kNan);
    const Tensor y = run(conv, poisoned, false, true);
    CHECK(relative_difference(rows_of(y, 0, 3), rows_of(clean, 0, 3)) == 0);
    CHECK(relative_difference(rows_of(y, 4, 4), rows_of(clean, 4, 4)) == 0);
    const Tensor own = rows_of(y, 3, 1);
    CHECK(std::ranges::all_of(own.values<float>(), [](float v) { return std::isnan(v); }));
  }
}

TEST_CASE("Winograd tiles are the cheaper of three and four", "[engine][kernels][winograd]") {
  const Tensor weight = Tensor::zeros({16, 3, 3, 16}), bias = Tensor::zeros({16});
  for (const Isa isa : isas()) {
    CHECK(Conv3x3(9, 9, weight, bias, isa).tile() == 3);    // 9 tiles * 25 against 9 * 36
    CHECK(Conv3x3(13, 13, weight, bias, isa).tile() == 4);  // 16 * 36 against 25 * 25
    CHECK(Conv3x3(19, 19, weight, bias, isa).tile() == 4);  // 25 * 36 against 49 * 25
    CHECK(Conv3x3(6, 7, weight, bias, isa).tile() == 4);    // 4 * 36 against 6 * 25
  }
}

TEST_CASE("Winograd convolution rejects shapes that it cannot compute",
          "[engine][kernels][winograd]") {
  CHECK_FALSE(Conv3x3::supports(17, 96));
  CHECK_FALSE(Conv3x3::supports(96, 8));
  CHECK(Conv3x3::supports(48, 16));
  for (const Isa isa : isas()) {
    CHECK_THROWS_AS(Conv3x3(9, 9, Tensor({16, 3, 3, 17}), Tensor({16}), isa),
                    std::invalid_argument);
    CHECK_THROWS_AS(Conv3x3(9, 9, Tensor({16, 1, 1, 16}), Tensor({16}), isa),
                    std::invalid_argument);
    CHECK_THROWS_AS(Conv3x3(9, 9, Tensor({16, 3, 3, 16}), Tensor({32}), isa),
                    std::invalid_argument);
    CHECK_THROWS_AS(Conv3x3(9, 9, Tensor({16, 3, 3, 16}, DType::f64), Tensor({16}), isa),
                    std::invalid_argument);
  }
}

TEST_CASE("Training takes Winograd's convolutions and they agree with the reference",
          "[engine][kernels][winograd]") {
  if (isas().empty()) return;
  const int size = GENERATE(7, 9);
  const Data data(11, size, size, 48, 64);
  const kernels::Conv2dParams params{.padding = 1};
  REQUIRE(suits(data.x.shape(), data.weight.shape(), params, DType::f32));
  const kernels::Backend& fast = kernels::onednn();
  const Tensor y = fast.conv2d(data.x, data.weight, data.bias, params);
  CHECK(relative_difference(y, expected(data)) < kTolerance);
  const Tensor dx = fast.conv2d_backward_data(data.residual, data.weight, data.x.shape(), params);
  const Tensor exact = kernels::reference().conv2d_backward_data(
      data.residual.to(DType::f64), data.weight.to(DType::f64), data.x.shape(), params);
  CHECK(relative_difference(dx, exact) < kTolerance);
  const kernels::ScopedThreads three(3);
  CHECK(relative_difference(fast.conv2d(data.x, data.weight, data.bias, params), y) == 0);
}

TEST_CASE("Winograd suits only the convolutions that it computes and pays for",
          "[engine][kernels][winograd]") {
  const Shape x{32, 9, 9, 96}, weight{96, 3, 3, 96};
  const kernels::Conv2dParams same{.padding = 1};
  CHECK(suits(x, weight, same, DType::f32) == !isas().empty());
  CHECK_FALSE(suits(x, weight, same, DType::bf16));
  CHECK_FALSE(suits(x, weight, {.stride = 2, .padding = 1}, DType::f32));
  CHECK_FALSE(suits(x, weight, {.padding = 2, .dilation = 2}, DType::f32));
  CHECK_FALSE(suits(x, {96, 5, 5, 96}, same, DType::f32));
  CHECK_FALSE(suits(x, {96, 3, 3, 48}, {.padding = 1, .groups = 2}, DType::f32));
  CHECK_FALSE(suits({2, 9, 9, 96}, weight, same, DType::f32));
  CHECK_FALSE(suits({32, 9, 9, 17}, {96, 3, 3, 17}, same, DType::f32));
}
