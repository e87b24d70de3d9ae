// The loss of policy gradient methods over a minibatch, as one op on a net's outputs:
//
//   L = policy_coefficient mean(policy) + value_coefficient mean(value) - entropy_coefficient
//   mean(entropy) policy, plain    -A log pi(a|s)                               (Williams 1992)
//   policy, clipped  -min(rho A, clip(rho, 1 - c, 1 + c) A),  rho = pi(a|s) / pi_old(a|s)
//                                                                 (Schulman et al. 2017, eq. 7)
//   value            (V - R)^2, or with value clipping the larger of that and
//                    (V_old + clip(V - V_old, -k, k) - R)^2
// Means are over the rows in use.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/autograd/variable.hpp"
#include "selfplay/policy_gradient/distribution.hpp"

namespace tengen::selfplay {

struct PolicyLossOptions {
  bool clipped = true;
  double clip_range = 0.2;        // c
  double policy_coefficient = 1;  // 0: the critic alone learns
  double value_clip_range = 0;    // k; 0: none
  double value_coefficient = 0.5;
  double entropy_coefficient = 0;
};

/// Rows of a minibatch, N of them.
struct PolicyBatch {
  std::vector<float> actions;                                         // [N, A], as drawn
  std::vector<std::uint8_t> masks;                                    // [N, choices] or empty
  std::vector<float> old_log_probs, old_values, advantages, returns;  // [N]
};

struct PolicyLossTerms {
  double loss = 0, policy = 0, value = 0, entropy = 0;  // means
  double kl = 0;             // of old from new: mean(rho - 1 - log rho) (Schulman 2020)
  double clip_fraction = 0;  // share of rows with |rho - 1| > c
};

/// parameters [N, P], values [N, 1] -> the loss, rank 0; `terms` is filled in.
Variable policy_loss(const Variable& parameters, const Variable& values, const PolicyBatch& batch,
                     const Distribution& distribution, const PolicyLossOptions& options,
                     PolicyLossTerms& terms);

/// Mean 0 and standard deviation 1 (over N - 1; nothing is done to fewer than two).
void normalise(std::span<float> advantages);

}  // namespace tengen::selfplay
