// Leela Zero's text weights, versions 1 and 2, read and written, plain or gzip-compressed.
//
//   line 1      the version: 1, the value is the side to move's; 2, it is Black's (ELF OpenGo)
//   4 lines     the stem: weights [out, in, y, x] of a 3x3 convolution, its biases, batch-norm
//   means and
//               raw variances (epsilon 1e-5, no gamma)
//   8 lines     a residual block: two such convolutions
//   4 + 2 lines the policy: a 1x1 convolution to 2 planes, a linear layer [points + 1, 2 points],
//   bias 4 + 4 lines the value: a 1x1 convolution to 1 plane, linear [256, points], bias, [1, 256],
//   bias
//
// Cells are y * size + x with y = 0 for row 1, the lowest; Tengen's row 0 is the top, so y turns
// around wherever it occurs. 18 input planes (envs/go/features.hpp, "leela").
// Here: y = gamma (conv(w) - mean) / s + beta with s = sqrt(variance + epsilon), so the file gets
// weights gamma w, bias beta s, mean gamma mean; reading sets gamma to 1 and beta to bias / s. Nine
// digits are enough for every float to come back as it was where gamma is 1.
// Source: Leela Zero's Network.cpp (load_v1_network) and training/tf/tfprocess.py.
#pragma once

#include <string>

#include "nets/checkpoint.hpp"

namespace tengen::nets {

/// The game of the nets in this format, for their metadata.
std::string leela_zero_game(int size);

/// Whether the file starts as this format does, compressed or not.
bool is_leela_zero_file(const std::string& path);

/// Any size of net and square board. Metadata as of load_net_file(), with "game". Throws Error that
/// says which line is wrong.
LoadedNet load_leela_zero(const std::string& path);

/// Compressed if the path ends in ".gz"; version 2 if the net's value is the first player's. An
/// ownership head is left out: the format has no place for it. Throws
/// std::invalid_argument for a net that this format cannot hold.
void save_leela_zero(const std::string& path, const PolicyValueNet& net);

}  // namespace tengen::nets
