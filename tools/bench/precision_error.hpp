// What a lower precision costs in accuracy: a plan's answers beside those in fp32, over positions.
#pragma once

#include <memory>
#include <vector>

#include "envs/game.hpp"
#include "nets/inference/inference_plan.hpp"

namespace tengen::tools {

/// 99th percentiles over the positions.
struct PrecisionError {
  double value;      // |value - value in fp32|
  double policy_kl;  // KL divergence from the fp32 policy over the legal actions, in nats
};

/// At least one position; none may be terminal. `fp32` and `plan` are of one net.
PrecisionError precision_error(const std::vector<std::unique_ptr<envs::State>>& positions,
                               const nets::InferencePlan& fp32, const nets::InferencePlan& plan);

}  // namespace tengen::tools
