#include "selfplay/policy_gradient/policy_loss.hpp"

#include <algorithm>
#include <cmath>

namespace tengen::selfplay {

namespace {

struct RowTerm {
  double loss = 0, gradient = 0;  // by log pi(a|s), or by V
};

RowTerm policy_term(double log_ratio, double log_prob, double advantage,
                    const PolicyLossOptions& options) {
  if (!options.clipped) return {-advantage * log_prob, -advantage};
  const double ratio = std::exp(log_ratio), c = options.clip_range;
  const double free = ratio * advantage, held = std::clamp(ratio, 1 - c, 1 + c) * advantage;
  return free <= held ? RowTerm{-free, -free} : RowTerm{-held, 0};
}

RowTerm value_term(double value, double old_value, double target, double range) {
  const double error = value - target;
  const RowTerm free{error * error, 2 * error};
  if (range <= 0) return free;
  const double held_error = old_value + std::clamp(value - old_value, -range, range) - target;
  if (held_error * held_error <= free.loss) return free;
  const bool inside = std::abs(value - old_value) < range;
  return {held_error * held_error, inside ? 2 * held_error : 0};
}

/// Without a copy where the loss is what backward() starts from.
Tensor scaled(const Tensor& gradient, double factor) {
  if (factor == 1) return gradient;
  Tensor result = gradient.clone();
  for (float& x : result.values<float>()) x = static_cast<float>(x * factor);
  return result;
}

}  // namespace

Variable policy_loss(const Variable& parameters, const Variable& values, const PolicyBatch& batch,
                     const Distribution& distribution, const PolicyLossOptions& options,
                     PolicyLossTerms& terms) {
  const std::size_t n = batch.advantages.size(), width = distribution.parameters(),
                    action_size = distribution.action_size(), choices = batch.masks.size() / n;
  const std::span<const float> p = parameters.value().values<float>(),
                               v = values.value().values<float>();
  Tensor d_parameters(parameters.shape()), d_values(values.shape());
  const double share = 1.0 / static_cast<double>(n);
  terms = {};
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = p.subspan(i * width, width);
    const auto mask = std::span(batch.masks).subspan(i * choices, choices);
    const auto action = std::span(batch.actions).subspan(i * action_size, action_size);
    const double log_prob = distribution.log_prob(row, mask, action);
    const double log_ratio = log_prob - batch.old_log_probs[i], ratio = std::exp(log_ratio);
    const RowTerm policy = policy_term(log_ratio, log_prob, batch.advantages[i], options);
    const RowTerm value =
        value_term(v[i], batch.old_values[i], batch.returns[i], options.value_clip_range);
    terms.policy += policy.loss * share;
    terms.value += value.loss * share;
    terms.entropy += distribution.entropy(row, mask) * share;
    terms.kl += (ratio - 1 - log_ratio) * share;
    terms.clip_fraction += (std::abs(ratio - 1) > options.clip_range) * share;
    distribution.backward(row, mask, action, options.policy_coefficient * policy.gradient * share,
                          -options.entropy_coefficient * share,
                          d_parameters.values<float>().subspan(i * width, width));
    d_values.values<float>()[i] =
        static_cast<float>(options.value_coefficient * value.gradient * share);
  }
  terms.loss = options.policy_coefficient * terms.policy + options.value_coefficient * terms.value -
               options.entropy_coefficient * terms.entropy;
  return Variable::make(
      Tensor::full(Shape(), terms.loss), {parameters, values},
      [d_parameters, d_values](const Tensor& dy) {
        return std::vector<Tensor>{scaled(d_parameters, dy.item()), scaled(d_values, dy.item())};
      });
}

void normalise(std::span<float> advantages) {
  if (advantages.size() < 2) return;
  double sum = 0, squares = 0;
  for (const float a : advantages) sum += a;
  const double mean = sum / static_cast<double>(advantages.size());
  for (const float a : advantages) squares += (a - mean) * (a - mean);
  const double deviation = std::sqrt(squares / static_cast<double>(advantages.size() - 1));
  for (float& a : advantages) a = static_cast<float>((a - mean) / (deviation + 1e-8));
}

}  // namespace tengen::selfplay
