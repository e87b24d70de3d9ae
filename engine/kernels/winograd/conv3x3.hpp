// 3x3 convolution, stride 1, padding 1, in fp32 for small boards, by Winograd's minimal filtering.
//
// F(m x m, 3 x 3) computes tiles of m x m outputs from (m + 2)^2 products per pair of channels
// instead of 9 m^2 (Lavin and Gray 2015, algorithm 1). Tiles of 3 cover a 9x9 board exactly: 225
// products instead of 729. Tiles of 4 need fewer on 13x13 and 19x19; each board gets the better of
// the two. The products are (m + 2)^2 matrix products [tiles x in] [in x out], made slice by slice
// of the batch so that transformed inputs and outputs stay in the second-level cache.
//
// Error: 1e-6 to 5e-6 of the largest output for 64 to 256 channels (direct sums in fp32: about
// 3e-7); filter_matrices.hpp says how the points were chosen. A position's result does not depend,
// to the bit, on the batch's size or its other positions.
//
// Why not oneDNN's: on 64 to 256 channels and one AVX-512 core this makes 1.7 to 2.2 times the rate
// of oneDNN 2.6's direct convolution on 9x9, 13x13 and 19x19; oneDNN's own F(4, 3) is no faster
// than its direct one on 9x9, exists for AVX-512 only and wants activations in blocks of channels.
//
// Limits: channels in and out are multiples of 16; AVX2 with FMA or AVX-512. The caller takes
// another convolution where supports() says no.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "engine/kernels/winograd/slice.hpp"
#include "engine/tensor/tensor.hpp"

namespace tengen::kernels::winograd {

enum class Isa { avx2, avx512 };
std::string to_string(Isa isa);  // "avx512"

/// Whether this CPU has the instruction set; DNNL_MAX_CPU_ISA lowers it as it does for oneDNN.
bool has(Isa isa);
/// The best that this CPU has.
std::optional<Isa> best_isa();

class Conv3x3 {
 public:
  static bool supports(int in_channels, int out_channels);

  /// weight [out, 3, 3, in], bias [out]; both are transformed and copied. Throws
  /// std::invalid_argument for shapes or an instruction set that is not supported.
  Conv3x3(int height, int width, const Tensor& weight, const Tensor& bias, Isa isa);

  struct Arguments {
    int batch = 0;
    const float* x = nullptr;         // [batch, height, width, in]
    const float* residual = nullptr;  // added before the ReLU: [batch, height, width, out] or null
    float* y = nullptr;               // [batch, height, width, out]; may be residual, not x
    bool relu = false;
    std::byte* scratch = nullptr;  // scratch_bytes(batch), aligned to 64 bytes; any content
  };
  /// y = relu(conv(x) + bias + residual). Const and thread-safe; runs on the calling thread.
  void run(const Arguments& arguments) const;

  std::size_t scratch_bytes(int batch) const;
  int tile() const { return tile_; }  // m, 3 or 4: chosen by the board alone

 private:
  Tensor packed_weights(const Tensor& weight) const;
  int points() const { return (tile_ + 2) * (tile_ + 2); }
  int rows_per_slice(int batch) const;
  std::size_t row_floats() const;            // of a slot
  std::size_t slot_floats(int batch) const;  // from one slot to the next

  Slice shape_;  // without data: the same for every call
  int tile_;
  const Passes* passes_;
  Tensor weights_, bias_;
};

}  // namespace tengen::kernels::winograd
