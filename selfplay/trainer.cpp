#include "selfplay/trainer.hpp"

#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/base/error.hpp"
#include "engine/losses/mean_squared_error.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
#include "engine/optim/adam.hpp"
#include "engine/optim/clip_gradient.hpp"
#include "engine/optim/schedules.hpp"
#include "engine/optim/sgd.hpp"
#include "selfplay/optimizer_file.hpp"

namespace tengen::selfplay {

namespace {

std::unique_ptr<Optimizer> make_optimizer(const TrainerConfig& config,
                                          std::vector<NamedParameter> parameters) {
  // The gradient of c |theta|^2 is 2 c theta.
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

/// Mean entropy of the rows, in nats.
double mean_entropy(const Tensor& policy) {
  double sum = 0;
  for (float p : policy.values<float>())
    if (p > 0) sum -= p * std::log(p);
  return sum / static_cast<double>(policy.dim(0));
}

}  // namespace

Losses& Losses::operator+=(const Losses& other) {
  policy += other.policy;
  value += other.value;
  total += other.total;
  entropy += other.entropy;
  gradient_norm += other.gradient_norm;
  learning_rate += other.learning_rate;
  return *this;
}

Losses Losses::operator/(double divisor) const {
  return {policy / divisor,  value / divisor,         total / divisor,
          entropy / divisor, gradient_norm / divisor, learning_rate / divisor};
}

Trainer::Trainer(nets::PolicyValueNet& net, const TrainerConfig& config)
    : net_(net), config_(config), optimizer_(make_optimizer(config, net.parameters())) {}

std::int64_t Trainer::steps() const { return optimizer_->steps(); }

double Trainer::learning_rate_at(std::int64_t step) const {
  const double rate = config_.decay_steps > 0
                          ? cosine_rate(config_.learning_rate, config_.final_learning_rate,
                                        config_.decay_steps, step)
                          : config_.learning_rate;
  return config_.warmup_steps > 0 ? rate * linear_warm_up(config_.warmup_steps, step) : rate;
}

Losses Trainer::step(const TrainingBatch& batch) {
  net_.train();
  optimizer_->zero_grad();
  const nets::PolicyValue output = net_.forward(Variable(batch.observations));
  const Variable policy = softmax_cross_entropy(output.policy_logits, batch.policy);
  const Variable value = mean_squared_error(output.value, batch.value);
  const Variable total = add(policy, scale(value, config_.value_weight));
  total.backward();

  Losses losses;
  losses.policy = policy.value().item();
  losses.value = value.value().item();
  losses.total = total.value().item();
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
