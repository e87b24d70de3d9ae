#include "engine/kernels/winograd/conv3x3.hpp"

#include <algorithm>
#include <dnnl.hpp>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/vectorised.hpp"
#include "engine/kernels/winograd/filter_matrices.hpp"

namespace tengen::kernels::winograd {

namespace {

/// What a slice may keep in the second-level cache; the weights stream past it.
constexpr std::size_t kSliceBytes = std::size_t{384} << 10;
constexpr int kMinRows = 28;              // fewer would reload the weights too often
constexpr std::size_t kSlotPadding = 16;  // floats: keeps slots out of each other's cache sets

int divide_up(int a, int b) { return (a + b - 1) / b; }
int round_up(int a, int b) { return divide_up(a, b) * b; }

int products(int height, int width, int tile) {
  return divide_up(height, tile) * divide_up(width, tile) * (tile + 2) * (tile + 2);
}

/// U = G g G^T for one output channel and all `in` input channels, g[ky][kx] at weight[(ky * 3 +
/// kx) in], U[p] at u[p in].
template <int m>
void transform_weight(const float* weight, std::size_t in, float* u) {
  run_on(cpu_vector_isa(), [=] {
    constexpr auto& g = kWeightMatrix<m>;
    float* out = u;
    for (const auto& row : g)
      for (const auto& column : g) {
#pragma omp simd
        for (std::size_t i = 0; i < in; ++i) {
          double sum = 0;
          for (std::size_t ky = 0; ky < 3; ++ky)
            for (std::size_t kx = 0; kx < 3; ++kx)
              sum += row[ky] * column[kx] * double{weight[(ky * 3 + kx) * in + i]};
          out[i] = static_cast<float>(sum);
        }
        out += in;
      }
  });
}

void check(const Tensor& weight, const Tensor& bias) {
  const char* const where = "winograd";
  if (!weight.defined() || weight.shape().rank() != 4 || weight.dim(1) != 3 || weight.dim(2) != 3)
    bad_argument(where, "expected a weight [out, 3, 3, in], got {}", to_string(weight.shape()));
  if (!Conv3x3::supports(static_cast<int>(weight.dim(3)), static_cast<int>(weight.dim(0))))
    bad_argument(where, "expected channels in multiples of {}, got {} in and {} out", kChannelGroup,
                 weight.dim(3), weight.dim(0));
  if (weight.dtype() != DType::f32 || bias.dtype() != DType::f32)
    bad_argument(where, "expected f32, got a weight in {} and a bias in {}",
                 to_string(weight.dtype()), to_string(bias.dtype()));
  if (bias.shape() != Shape{weight.dim(0)})
    bad_argument(where, "expected a bias of {} numbers, got {}", weight.dim(0),
                 to_string(bias.shape()));
}

}  // namespace

std::string to_string(Isa isa) { return isa == Isa::avx512 ? "avx512" : "avx2"; }

bool has(Isa isa) {
  if (!__builtin_cpu_supports("fma")) return false;
  const auto needed =
      static_cast<unsigned>(isa == Isa::avx512 ? dnnl::cpu_isa::avx512_core : dnnl::cpu_isa::avx2);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & needed) == needed;
}

std::optional<Isa> best_isa() {
  for (const Isa isa : {Isa::avx512, Isa::avx2})
    if (has(isa)) return isa;
  return std::nullopt;
}

bool Conv3x3::supports(int in_channels, int out_channels) {
  return in_channels > 0 && out_channels > 0 && in_channels % kChannelGroup == 0 &&
         out_channels % kChannelGroup == 0;
}

Conv3x3::Conv3x3(int height, int width, const Tensor& weight, const Tensor& bias, Isa isa) {
  check(weight, bias);
  if (!has(isa)) bad_argument("winograd", "expected a CPU with {}", to_string(isa));
  tile_ = products(height, width, 3) <= products(height, width, 4) ? 3 : 4;
  passes_ = &(isa == Isa::avx512 ? avx512_passes(tile_) : avx2_passes(tile_));
  shape_.height = height;
  shape_.width = width;
  shape_.in_channels = static_cast<int>(weight.dim(3));
  shape_.out_channels = static_cast<int>(weight.dim(0));
  shape_.padded_out = round_up(shape_.out_channels, passes_->panel);
  shape_.tiles_down = divide_up(height, tile_);
  shape_.tiles_across = divide_up(width, tile_);
  weights_ = packed_weights(weight);
  bias_ = bias.clone();
}

/// [points][padded_out / panel][in][panel], zero where there is no output channel.
Tensor Conv3x3::packed_weights(const Tensor& weight) const {
  const int panel = passes_->panel, in = shape_.in_channels;
  Tensor packed = Tensor::zeros({points(), shape_.padded_out / panel, in, panel});
  const float* const source = weight.values<float>().data();
  float* const target = packed.values<float>().data();
  const std::size_t stride = std::size_t(in) * std::size_t(shape_.padded_out);  // between points
  std::vector<float> u(std::size_t(points()) * std::size_t(in));
  for (int o = 0; o < shape_.out_channels; ++o) {
    const float* const filter = source + std::size_t(o) * 9 * std::size_t(in);
    tile_ == 3 ? transform_weight<3>(filter, std::size_t(in), u.data())
               : transform_weight<4>(filter, std::size_t(in), u.data());
    for (int p = 0; p < points(); ++p) {
      float* to = target + p * stride + std::size_t(o / panel) * in * panel + o % panel;
      for (int i = 0; i < in; ++i, to += panel) *to = u[std::size_t(p) * in + i];
    }
  }
  return packed;
}

std::size_t Conv3x3::row_floats() const {
  return static_cast<std::size_t>(std::max(shape_.in_channels, shape_.padded_out));
}

/// As many tiles as the cache holds, the batch's tiles shared out evenly.
int Conv3x3::rows_per_slice(int batch) const {
  const int tiles = batch * shape_.tiles_down * shape_.tiles_across;
  const std::size_t row_bytes = std::size_t(points() + 1) * row_floats() * sizeof(float);
  const int most = std::max(kMinRows, static_cast<int>(kSliceBytes / row_bytes));
  return divide_up(tiles, std::max(1, divide_up(tiles, most)));
}

std::size_t Conv3x3::slot_floats(int batch) const {
  return std::size_t(rows_per_slice(batch)) * row_floats() + kSlotPadding;
}

std::size_t Conv3x3::scratch_bytes(int batch) const {
  return (std::size_t(points() + 1) * slot_floats(batch) + std::size_t(shape_.in_channels)) *
         sizeof(float);
}

void Conv3x3::run(const Arguments& arguments) const {
  Slice slice = shape_;
  slice.x = arguments.x;
  slice.weights = weights_.values<float>().data();
  slice.bias = bias_.values<float>().data();
  slice.residual = arguments.residual;
  slice.y = arguments.y;
  slice.relu = arguments.relu;
  float* const scratch = reinterpret_cast<float*>(arguments.scratch);
  std::fill_n(scratch, shape_.in_channels, 0.0f);
  slice.zeros = scratch;
  slice.slots = scratch + shape_.in_channels;
  slice.slot_stride = slot_floats(arguments.batch);

  const int rows = rows_per_slice(arguments.batch);
  const std::int64_t tiles =
      std::int64_t{arguments.batch} * shape_.tiles_down * shape_.tiles_across;
  for (; slice.first_tile < tiles; slice.first_tile += rows) {
    slice.rows = static_cast<int>(std::min<std::int64_t>(rows, tiles - slice.first_tile));
    passes_->transform_input(slice);
    passes_->multiply(slice);
    passes_->transform_output(slice);
  }
}

}  // namespace tengen::kernels::winograd
