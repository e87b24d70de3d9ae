// One gradient step of AlphaZero (Silver et al. 2018, eq. 1):
//   loss = -sum_a pi(a) log p(a) + value_weight (z - v)^2 + c ||theta||^2
// and, of nets with an ownership head, ownership_weight times the loss of ownership_loss.hpp.
// The term of the weights is the optimizer's weight decay: in the gradient with SGD, decoupled from
// it with Adam (AdamW, Loshchilov and Hutter 2019).
//
// With precision bf16 the convolutions and the activations between them are bf16, with sums in f32;
// weights, their gradients and updates, batch statistics, heads and loss are f32 in either case
// (mixed precision, Micikevicius et al. 2018; bf16 needs no scaling of the loss).
//
// Trains any PolicyValueNet in place, on several threads by sharing out the rows of each batch
// (data_parallel.hpp). Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/optim/optimizer.hpp"
#include "nets/policy_value_net.hpp"
#include "selfplay/data_parallel.hpp"
#include "selfplay/replay_window.hpp"

namespace tengen::selfplay {

struct TrainerConfig {
  std::string optimizer = "adam";  // sgd | adam
  double learning_rate = 0.002;
  double momentum = 0.9;                // of sgd
  double final_learning_rate = 0.0002;  // of the cosine, if decay_steps > 0
  std::int64_t decay_steps = 0;     // cosine from learning_rate to final over so many; 0: constant
  std::int64_t warmup_steps = 100;  // linear
  double weight_decay = 1e-4;       // c of eq. 1
  double gradient_clip = 5.0;       // largest norm of the whole gradient; 0: no clipping
  double value_weight = 1.0;
  double ownership_weight = 1.5;   // of nets that have the head; KataGo's
  std::string precision = "auto";  // fp32 | bf16 | auto: bf16 where the CPU computes it natively
};

/// Means over one batch.
struct Losses {
  double policy = 0;         // cross entropy, nats
  double value = 0;          // mean squared error, before value_weight
  double ownership = 0;      // cross entropy of a cell, nats; 0 without head or known owners
  double total = 0;          // policy + value_weight * value + ownership_weight * ownership
  double entropy = 0;        // of the policy targets: the floor of `policy`
  double gradient_norm = 0;  // before clipping
  double learning_rate = 0;

  Losses& operator+=(const Losses& other);
  Losses operator/(double divisor) const;
};

class Trainer {
 public:
  /// The net must outlive the trainer. Throws std::invalid_argument on an unknown optimizer or
  /// precision.
  Trainer(nets::PolicyValueNet& net, const TrainerConfig& config, int threads = 1);

  /// One step. Throws Error if the loss or the gradient is not finite; the weights are then as
  /// before the step.
  Losses step(const TrainingBatch& batch);
  std::int64_t steps() const;
  /// f32 or bf16: what config.precision comes to on this CPU.
  DType activations() const { return activations_; }
  /// Learning rate of step number `step`, from 0.
  double learning_rate_at(std::int64_t step) const;

  /// The optimizer's tensors and step count, as a safetensors file.
  void save_optimizer(const std::filesystem::path& path) const;
  /// Throws Error if the file does not fit. Another kind of optimizer starts afresh, keeping the
  /// step count: returns false then.
  bool load_optimizer(const std::filesystem::path& path);

 private:
  Losses backward(const TrainingBatch& batch);

  nets::PolicyValueNet& net_;
  const TrainerConfig config_;
  const DType activations_;  // f32 or bf16
  const int threads_;
  std::unique_ptr<Optimizer> optimizer_;
  const std::vector<std::unique_ptr<nets::PolicyValueNet>> replicas_;  // for threads 1, 2, ...
  DataParallel data_parallel_;
};

}  // namespace tengen::selfplay
