// What the passes of a Winograd convolution work on: some tiles of a batch and their scratch.
//
// The tiles of all images are numbered through (image, tile row, tile column); a slice holds `rows`
// of them in a row. Its scratch is one slot more than there are points. Slot p + 1 receives the
// transformed input of point p as [in_channels / 16][rows][16]: the matrix product then finds the
// 14 numbers of one channel at constant distances. The product of point p overwrites slot p as
// [rows][padded_out]: its input is no longer needed, and half the memory stays in the cache.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tengen::kernels::winograd {

inline constexpr int kChannelGroup = 16;

struct Slice {
  const float* x = nullptr;         // [batch, height, width, in_channels]
  const float* weights = nullptr;   // [points][padded_out / panel][in_channels][panel]
  const float* bias = nullptr;      // [out_channels]
  const float* residual = nullptr;  // [batch, height, width, out_channels] or null; may be y
  float* y = nullptr;               // [batch, height, width, out_channels]
  bool relu = false;

  int height = 0, width = 0, in_channels = 0, out_channels = 0;
  int padded_out = 0;  // out_channels rounded up to whole panels
  int tiles_down = 0, tiles_across = 0;
  std::int64_t first_tile = 0;
  int rows = 0;

  const float* zeros = nullptr;  // in_channels of them: what lies outside the board
  float* slots = nullptr;
  std::size_t slot_stride = 0;  // floats
};

/// The three passes for one instruction set and tile size, to be called in this order.
struct Passes {
  void (*transform_input)(const Slice&);
  void (*multiply)(const Slice&);
  void (*transform_output)(const Slice&);
  int panel;  // output channels that the product computes together
};

/// `outputs` is 3 or 4: the side of a tile. Callable on any CPU; the passes need the
/// instruction set.
const Passes& avx2_passes(int outputs);
const Passes& avx512_passes(int outputs);

}  // namespace tengen::kernels::winograd
