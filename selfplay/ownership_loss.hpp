// KataGo's loss of the ownership head (Wu 2019, "Accelerating Self-Play Learning in Go", section
// 4.1): the cross entropy of each point between who owned it when the game was scored and the
// probability that the head gave to that. A point that nobody owned is half of either.
//
// KataGo sums over the board and weighs the sum with 1.5 / points; here it is the mean over the
// points whose owners are known, and the weight (TrainerConfig::ownership_weight) is 1.5.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen::selfplay {

/// Cross entropy, in nats, summed over the cells whose owners are known and divided by `count`;
/// rank 0. All [N, H, W]: logits as PolicyValue::ownership_logits, ownership and known as in
/// TrainingBatch. Where nothing is known it is 0, and so are its gradients.
Variable ownership_loss(const Variable& logits, const Tensor& ownership, const Tensor& known,
                        double count);

}  // namespace tengen::selfplay
