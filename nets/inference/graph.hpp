// A net in eval mode as a flat list of fused operations: what InferencePlan compiles,
// `tengen net describe` prints and exporters write. Batch norm is already folded into the weights.
//
// Values are numbered: 0 is the input, every op makes one new value. Images are [N, H, W, C],
// vectors [N, C]; a dense op on an image flattens it in that order (channels fastest).
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/autograd/ops_local_response_norm.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/tensor/tensor.hpp"

namespace tengen::nets {

enum class Activation { none, relu, tanh };

struct PlanOp {
  enum class Kind {
    conv,    // y = act(conv2d(x, weight) + bias [+ residual])
    dense,   // y = act(flatten(x) * weight^T + bias)
    affine,  // y = act(x * scale + bias), per channel: a batch norm that has no convolution before
             // it
    add,     // y = act(x + residual)
    pool,    // y = the largest or mean of each window
    global_pool,    // y = the mean of each channel
    concat,         // y = the channels of x, then those of residual
    response_norm,  // y = local_response_norm(x)
  };
  Kind kind = Kind::conv;
  std::string name;   // where it comes from: "trunk.3.conv1", for describe and errors
  int input = 0;      // value read
  int residual = -1;  // value added before the activation (concat: joined), or -1
  int output = 0;     // value made
  kernels::Conv2dParams conv;
  kernels::Pool2dParams pool;
  LocalResponseNormOptions response_norm;
  Tensor weight;  // fp32; conv [out, kh, kw, in/groups], dense [out, in], affine [channels]
  Tensor bias;    // fp32 [out]
  Activation activation = Activation::none;
  int out_height = 0, out_width = 0, out_channels = 0;  // of the output; dense: 1, 1, out
  double multiply_adds = 0;                             // for one position
};

/// Numbers pass through it as they are, so it works on integers too.
inline bool is_max_pool(const PlanOp& op) {
  return op.kind == PlanOp::Kind::pool && op.pool.kind == kernels::Pool2dParams::Kind::max;
}

struct PlanGraph {
  int height = 0, width = 0, channels = 0;  // of the input
  std::vector<PlanOp> ops;                  // in execution order
  int policy_logits = -1;                   // value number, [N, A]; of a classifier: its logits
  int value = -1;                           // value number, [N, 1], in [-1, 1]; classifier: none
  /// -1: the value is the side to move's. Else it is the first player's, and this plane of the
  /// input (ones where that player is to move) turns it: value_sign().
  int first_player_plane = -1;
};

/// Values are numbered from 0 to one less than this.
inline int count_values(const PlanGraph& graph) {
  int count = 1;
  for (const PlanOp& op : graph.ops) count = std::max(count, op.output + 1);
  return count;
}

/// What turns a value for the first player into one for the side to move; `observation` is [H, W,
/// C].
inline float value_sign(const float* observation, int first_player_plane) {
  return observation[first_player_plane] > 0.5f ? 1.0f : -1.0f;
}

}  // namespace tengen::nets
