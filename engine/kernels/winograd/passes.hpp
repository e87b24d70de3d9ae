// The passes of a Winograd convolution, for any vector type V; see slice.hpp for the data.
//
// Include this only from a file of one instruction set, inside its target region and after every
// other header, with a V of its own: functions take the instruction set of the place where they are
// defined. So every function that remains at run time is a template of V, and none comes from the
// standard library: the linker may keep any one of two equal functions. V has: Reg with + - *,
// kWidth floats (8 or 16), kRows (the tiles that one product computes together), and load, store,
// set1, zero, fma(a, b, c) = a b + c, max.
#pragma once

namespace tengen::kernels::winograd {

template <const auto& matrix, std::size_t row, std::size_t columns>
consteval bool is_zero_before() {
  for (std::size_t k = 0; k < columns; ++k)
    if (matrix[row][k] != 0) return false;
  return true;
}

/// The sum of matrix[row][k] x[k] over k < columns, without the terms that are zero.
template <class V, const auto& matrix, std::size_t row, std::size_t columns>
inline typename V::Reg weighted_sum(const typename V::Reg* x) {
  constexpr std::size_t kLast = columns - 1;
  constexpr auto kFactor = static_cast<float>(matrix[row][kLast]);
  if constexpr (kFactor == 0) {
    return weighted_sum<V, matrix, row, kLast>(x);
  } else if constexpr (is_zero_before<matrix, row, kLast>()) {
    return kFactor == 1 ? x[kLast] : x[kLast] * V::set1(kFactor);
  } else {
    const typename V::Reg rest = weighted_sum<V, matrix, row, kLast>(x);
    if constexpr (kFactor == 1) return rest + x[kLast];
    if constexpr (kFactor == -1) return rest - x[kLast];
    return V::fma(V::set1(kFactor), x[kLast], rest);
  }
}

/// y = matrix x.
template <class V, const auto& matrix, std::size_t row = 0>
inline void transform(const typename V::Reg* x, typename V::Reg* y) {
  y[row] = weighted_sum<V, matrix, row, matrix[0].size()>(x);
  if constexpr (row + 1 < matrix.size()) transform<V, matrix, row + 1>(x, y);
}

struct TilePlace {
  std::int64_t image;
  int y, x;  // of the first output
};

template <class V, int m>
inline TilePlace tile_place(const Slice& s, int row) {
  const std::int64_t tile = s.first_tile + row, per_image = s.tiles_down * s.tiles_across;
  const int in_image = static_cast<int>(tile % per_image);
  return {tile / per_image, in_image / s.tiles_across * m, in_image % s.tiles_across * m};
}

/// B^T d B for `kWidth` channels: d[i][j] at pixels[i * points + j], result (i, j) to
/// out + (i * points + j) * stride.
template <class V, int m>
inline void transform_input_tile(const float* const* pixels, std::size_t channel, float* out,
                                 std::size_t stride) {
  using Reg = typename V::Reg;
  constexpr int kPoints = m + 2;
  Reg half[kPoints][kPoints];  // half[j][i]: columns done, by column
  for (int j = 0; j < kPoints; ++j) {
    Reg d[kPoints];
    for (int i = 0; i < kPoints; ++i) d[i] = V::load(pixels[i * kPoints + j] + channel);
    transform<V, kInputMatrix<m>>(d, half[j]);
  }
  for (int i = 0; i < kPoints; ++i) {
    Reg d[kPoints], t[kPoints];
    for (int j = 0; j < kPoints; ++j) d[j] = half[j][i];
    transform<V, kInputMatrix<m>>(d, t);
    for (int j = 0; j < kPoints; ++j, out += stride) V::store(out, t[j]);
  }
}

template <class V, int m>
void transform_input(const Slice& s) {
  constexpr int kPoints = m + 2;
  const auto channels = static_cast<std::size_t>(s.in_channels);
  for (int row = 0; row < s.rows; ++row) {
    const TilePlace place = tile_place<V, m>(s, row);
    const float* pixels[kPoints * kPoints];
    for (int i = 0; i < kPoints; ++i)
      for (int j = 0; j < kPoints; ++j) {
        const int y = place.y + i - 1, x = place.x + j - 1;
        const bool inside = y >= 0 && y < s.height && x >= 0 && x < s.width;
        pixels[i * kPoints + j] =
            inside ? s.x + ((place.image * s.height + y) * s.width + x) * s.in_channels : s.zeros;
      }
    float* out = s.slots + s.slot_stride + row * kChannelGroup;
    for (std::size_t group = 0; group < channels; group += kChannelGroup) {
      for (std::size_t lane = 0; lane < kChannelGroup; lane += V::kWidth)
        transform_input_tile<V, m>(pixels, group + lane, out + lane, s.slot_stride);
      out += s.rows * kChannelGroup;
    }
  }
}

/// c[rows][2 V] = a b with a as [groups][a_stride / 16][16] and b as [groups * 16][2 V].
template <class V, int rows>
void multiply_block(const float* a, std::size_t a_stride, int groups, const float* b, float* c,
                    std::size_t c_stride) {
  typename V::Reg sum[rows][2];  // in registers: the loops over it must be unrolled
#pragma GCC unroll 16
  for (int r = 0; r < rows; ++r) sum[r][0] = sum[r][1] = V::zero();
  for (int group = 0; group < groups; ++group, a += a_stride) {
    for (int k = 0; k < kChannelGroup; ++k, b += 2 * V::kWidth) {
      const typename V::Reg b0 = V::load(b), b1 = V::load(b + V::kWidth);
#pragma GCC unroll 16
      for (int r = 0; r < rows; ++r) {
        const typename V::Reg x = V::set1(a[r * kChannelGroup + k]);
        sum[r][0] = V::fma(x, b0, sum[r][0]);
        sum[r][1] = V::fma(x, b1, sum[r][1]);
      }
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < rows; ++r, c += c_stride) {
    V::store(c, sum[r][0]);
    V::store(c + V::kWidth, sum[r][1]);
  }
}

using MultiplyBlock = void (*)(const float*, std::size_t, int, const float*, float*, std::size_t);

/// multiply_block by number of rows: table[rows].
template <class V, int rows = 0>
constexpr void fill_block_table(MultiplyBlock* table) {
  if constexpr (rows > 0) table[rows] = multiply_block<V, rows>;
  if constexpr (rows < V::kRows) fill_block_table<V, rows + 1>(table);
}

template <class V>
struct BlockTable {
  MultiplyBlock block[V::kRows + 1] = {};
  constexpr BlockTable() { fill_block_table<V>(block); }
};

template <class V, int m>
void multiply(const Slice& s) {
  constexpr int kPoints = (m + 2) * (m + 2), kPanel = 2 * V::kWidth;
  static constexpr BlockTable<V> kTable;
  const int blocks = (s.rows + V::kRows - 1) / V::kRows, groups = s.in_channels / kChannelGroup;
  const std::size_t group_stride = static_cast<std::size_t>(s.rows) * kChannelGroup;
  const float* b = s.weights;
  for (int point = 0; point < kPoints; ++point) {
    float* const c = s.slots + point * s.slot_stride;
    const float* const a = c + s.slot_stride;
    for (int out = 0; out < s.padded_out; out += kPanel, b += s.in_channels * kPanel) {
      for (int i = 0, row = 0; i < blocks; ++i) {
        const int next = s.rows * (i + 1) / blocks;  // blocks of equal size, give or take one
        kTable.block[next - row](a + row * kChannelGroup, group_stride, groups, b,
                                 c + row * s.padded_out + out, s.padded_out);
        row = next;
      }
    }
  }
}

/// Bias, residual and ReLU on A^T M A for `kWidth` channels of one tile, M as transform_input_tile
/// leaves it. Pixels below or right of the board are left out.
template <class V, int m>
inline void transform_output_tile(const Slice& s, const float* in, const TilePlace& place,
                                  int channel) {
  using Reg = typename V::Reg;
  constexpr int kPoints = m + 2;
  Reg half[kPoints][m];  // half[j][y]: columns done, by column
  for (int j = 0; j < kPoints; ++j) {
    Reg d[kPoints];
    for (int i = 0; i < kPoints; ++i) d[i] = V::load(in + (i * kPoints + j) * s.slot_stride);
    transform<V, kOutputMatrix<m>>(d, half[j]);
  }
  const Reg bias = V::load(s.bias + channel);
  for (int i = 0; i < m && place.y + i < s.height; ++i) {
    Reg d[kPoints], t[m];
    for (int j = 0; j < kPoints; ++j) d[j] = half[j][i];
    transform<V, kOutputMatrix<m>>(d, t);
    const std::int64_t first =
        ((place.image * s.height + place.y + i) * s.width + place.x) * s.out_channels + channel;
    for (int j = 0; j < m; ++j) {
      if (place.x + j >= s.width) break;
      const std::int64_t at = first + j * s.out_channels;
      Reg result = t[j] + bias;
      if (s.residual != nullptr) result = result + V::load(s.residual + at);
      V::store(s.y + at, s.relu ? V::max(V::zero(), result) : result);
    }
  }
}

template <class V, int m>
void transform_output(const Slice& s) {
  for (int row = 0; row < s.rows; ++row) {
    const TilePlace place = tile_place<V, m>(s, row);
    const float* in = s.slots + static_cast<std::size_t>(row) * s.padded_out;
    for (int channel = 0; channel < s.out_channels; channel += V::kWidth)
      transform_output_tile<V, m>(s, in + channel, place, channel);
  }
}

template <class V, int m>
inline constexpr Passes kPasses{transform_input<V, m>, multiply<V, m>, transform_output<V, m>,
                                2 * V::kWidth};

}  // namespace tengen::kernels::winograd
