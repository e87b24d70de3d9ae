#include "selfplay/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/losses/mean_squared_error.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
#include "engine/optim/adam.hpp"
#include "engine/optim/clip_gradient.hpp"
#include "engine/optim/schedules.hpp"
#include "engine/optim/sgd.hpp"
#include "nets/inference/inference_plan.hpp"
#include "selfplay/optimizer_file.hpp"
#include "selfplay/ownership_loss.hpp"

namespace tengen::selfplay {

namespace {

std::unique_ptr<Optimizer> make_optimizer(const TrainerConfig& config,
                                          std::vector<NamedParameter> parameters) {
  // The gradient of c |theta|^2 is 2 c theta; Adam's decay is decoupled (AdamW), in the same unit.
  const double decay = 2 * config.weight_decay;
  if (config.optimizer == "sgd") {
    SgdOptions options;
    options.learning_rate = config.learning_rate;
    options.momentum = config.momentum;
    options.weight_decay = decay;
    return std::make_unique<Sgd>(std::move(parameters), options);
  }
  if (config.optimizer == "adam") {
    AdamOptions options;
    options.learning_rate = config.learning_rate;
    options.weight_decay = decay;
    return std::make_unique<Adam>(std::move(parameters), options);
  }
  bad_argument("trainer", "expected optimizer sgd or adam, got '{}'", config.optimizer);
}

DType activation_type(const std::string& precision) {
  if (precision != "fp32" && precision != "bf16" && precision != "auto")
    bad_argument("trainer", "expected precision fp32, bf16 or auto, got '{}'", precision);
  return nets::parse_precision(precision) == nets::Precision::bf16 ? DType::bf16 : DType::f32;
}

/// The replicas' own weights are never used.
std::vector<std::unique_ptr<nets::PolicyValueNet>> make_replicas(const nets::PolicyValueNet& net,
                                                                 int count) {
  Rng unused(0);
  std::vector<std::unique_ptr<nets::PolicyValueNet>> replicas;
  for (int i = 0; i < count; ++i) replicas.push_back(nets::make_net(net.spec(), net.io(), unused));
  return replicas;
}

std::vector<Module*> workers(nets::PolicyValueNet& net,
                             const std::vector<std::unique_ptr<nets::PolicyValueNet>>& replicas) {
  std::vector<Module*> all{&net};
  for (const auto& replica : replicas) all.push_back(replica.get());
  return all;
}

/// Mean entropy of the rows, in nats.
double mean_entropy(const Tensor& policy) {
  double sum = 0;
  for (float p : policy.values<float>())
    if (p > 0) sum -= p * std::log(p);
  return sum / static_cast<double>(policy.dim(0));
}

/// Rows [first, first + count) along the first axis; the whole tensor is not copied.
Tensor rows_of(const Tensor& tensor, int first, int count) {
  if (count == tensor.dim(0)) return tensor;
  std::vector<std::int64_t> dims(tensor.shape().dims().begin(), tensor.shape().dims().end());
  const auto row = static_cast<std::size_t>(tensor.size() / dims[0]);
  dims[0] = count;
  return Tensor::from(Shape(dims),
                      tensor.values<float>().subspan(static_cast<std::size_t>(first) * row,
                                                     static_cast<std::size_t>(count) * row));
}

}  // namespace

Losses& Losses::operator+=(const Losses& other) {
  policy += other.policy;
  value += other.value;
  ownership += other.ownership;
  total += other.total;
  entropy += other.entropy;
  gradient_norm += other.gradient_norm;
  learning_rate += other.learning_rate;
  return *this;
}

Losses Losses::operator/(double divisor) const {
  return {policy / divisor,  value / divisor,         ownership / divisor,    total / divisor,
          entropy / divisor, gradient_norm / divisor, learning_rate / divisor};
}

Trainer::Trainer(nets::PolicyValueNet& net, const TrainerConfig& config, int threads)
    : net_(net),
      config_(config),
      activations_(activation_type(config.precision)),
      threads_(threads),
      optimizer_(make_optimizer(config, net.parameters())),
      replicas_(make_replicas(net, threads - 1)),
      data_parallel_(workers(net, replicas_)) {}

std::int64_t Trainer::steps() const { return optimizer_->steps(); }

double Trainer::learning_rate_at(std::int64_t step) const {
  const double rate = config_.decay_steps > 0
                          ? cosine_rate(config_.learning_rate, config_.final_learning_rate,
                                        config_.decay_steps, step)
                          : config_.learning_rate;
  return config_.warmup_steps > 0 ? rate * linear_warm_up(config_.warmup_steps, step) : rate;
}

/// Leaves the gradients of the batch's mean loss in the net.
Losses Trainer::backward(const TrainingBatch& batch) {
  const int rows = static_cast<int>(batch.observations.dim(0));
  const auto known = batch.owner_known.values<float>();
  const double known_cells = std::max(1.0, std::reduce(known.begin(), known.end(), 0.0));
  std::vector<Losses> of_share(static_cast<std::size_t>(data_parallel_.shares(rows)));
  data_parallel_.run(rows, [&](const DataParallel::Share& share) {
    nets::PolicyValueNet& net =
        share.index == 0 ? net_ : *replicas_[static_cast<std::size_t>(share.index) - 1];
    const double part = static_cast<double>(share.count) / rows;
    const Tensor observations = rows_of(batch.observations, share.first, share.count);
    const nets::PolicyValue output =
        net.forward(Variable(kernels::cast(observations, activations_)));
    const Variable policy = softmax_cross_entropy(output.policy_logits,
                                                  rows_of(batch.policy, share.first, share.count));
    const Variable value =
        mean_squared_error(output.value, rows_of(batch.value, share.first, share.count));
    Variable loss = scale(add(policy, scale(value, config_.value_weight)), part);
    Losses& losses = of_share[static_cast<std::size_t>(share.index)];
    losses.policy = part * policy.value().item();
    losses.value = part * value.value().item();
    if (net.has_ownership()) {
      const Variable ownership = ownership_loss(
          output.ownership_logits, rows_of(batch.ownership, share.first, share.count),
          rows_of(batch.owner_known, share.first, share.count), known_cells);
      loss = add(loss, scale(ownership, config_.ownership_weight));
      losses.ownership = ownership.value().item();
    }
    loss.backward();
  });
  Losses sum;
  for (const Losses& losses : of_share) sum += losses;
  sum.total =
      sum.policy + config_.value_weight * sum.value + config_.ownership_weight * sum.ownership;
  return sum;
}

Losses Trainer::step(const TrainingBatch& batch) {
  net_.train();
  Losses losses = backward(batch);
  const kernels::ScopedThreads all_threads(threads_);
  losses.entropy = mean_entropy(batch.policy);
  losses.gradient_norm = config_.gradient_clip > 0
                             ? clip_gradient_norm(optimizer_->parameters(), config_.gradient_clip)
                             : gradient_norm(optimizer_->parameters());
  losses.learning_rate = learning_rate_at(steps());
  if (!std::isfinite(losses.total) || !std::isfinite(losses.gradient_norm))
    throw Error(
        fmt::format("training diverged at step {}: loss {} (policy {}, value {}), gradient "
                    "norm {}; the last checkpoint is kept, go on from it with a lower "
                    "learning_rate (now {})",
                    steps(), losses.total, losses.policy, losses.value, losses.gradient_norm,
                    losses.learning_rate));
  optimizer_->set_learning_rate(losses.learning_rate);
  optimizer_->step();
  net_.eval();
  return losses;
}

void Trainer::save_optimizer(const std::filesystem::path& path) const {
  write_optimizer(path, config_.optimizer, *optimizer_);
}

bool Trainer::load_optimizer(const std::filesystem::path& path) {
  return read_optimizer(path, config_.optimizer, *optimizer_);
}

}  // namespace tengen::selfplay
