// Policy/value nets as ONNX models, for other programs to run: opset 11, IR version 6.
//
//   input   "observations"    float [N, height, width, channels], as State::write_observation
//   output  "policy_logits"   float [N, actions]
//   output  "value"           float [N], in [-1, 1], for the side to move
//
// The model is the net in eval mode with batch norm folded (graph.hpp), without an ownership head.
// ONNX convolves channels-first: the input is transposed once, and the weights behind a flattened
// image are put into that order. The metadata are those of the net's own file.
// Source: https://github.com/onnx/onnx, onnx.proto and Operators.md.
// Limit: 2 GiB, as any Protocol Buffers message.
#pragma once

#include <string>

#include "nets/checkpoint.hpp"

namespace tengen::nets {

/// Replaces the file at `path` once the model is complete. `extra` is added to its metadata.
void save_onnx(const std::string& path, const PolicyValueNet& net, const Metadata& extra = {});

}  // namespace tengen::nets
