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

enum class Activation { none, relu, tanh, leaky_relu, sigmoid, gelu, silu };

/// f(s x) = s f(x) for positive s: the scale may change before it.
inline bool is_homogeneous(Activation activation) {
  return activation == Activation::none || activation == Activation::relu ||
         activation == Activation::leaky_relu;
}

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
    group_norm,     // y = group_norm(x) weight + bias
    prelu,          // y = x where x > 0, else weight x, per channel
    maximum,        // y = max(x, residual)
  };
  Kind kind = Kind::conv;
  std::string name;   // where it comes from: "trunk.3.conv1", for describe and errors
  int input = 0;      // value read
  int residual = -1;  // value added before the activation (concat, maximum: see there), or -1
  int output = 0;     // value made
  kernels::Conv2dParams conv;
  kernels::Pool2dParams pool;
  LocalResponseNormOptions response_norm;
  int norm_groups = 1;  // of group_norm
  double epsilon = 0;   // of group_norm
  Tensor weight;        // fp32; conv [out, kh, kw, in/groups], dense [out, in], others [channels]
  Tensor bias;          // fp32 [out]
  Activation activation = Activation::none;
  double slope = 0;                                     // of leaky_relu
  int out_height = 0, out_width = 0, out_channels = 0;  // of the output; dense: 1, 1, out
  double multiply_adds = 0;                             // for one position
};

/// Numbers pass through it as they are, so it works on integers too.
inline bool is_max_pool(const PlanOp& op) {
  return op.kind == PlanOp::Kind::pool && op.pool.kind == kernels::Pool2dParams::Kind::max;
}

/// Whether the residual is added to what the op makes.
inline bool adds_residual(const PlanOp& op) {
  return op.residual >= 0 && (op.kind == PlanOp::Kind::conv || op.kind == PlanOp::Kind::add);
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
