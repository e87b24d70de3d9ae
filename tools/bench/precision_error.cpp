#include "tools/bench/precision_error.hpp"

#include <algorithm>
#include <cmath>

namespace tengen::tools {
namespace {

using Positions = std::vector<std::unique_ptr<envs::State>>;

struct Answer {
  std::vector<double> policy;  // over the legal actions, in their order
  double value = 0;
};

std::vector<double> softmax(const std::vector<envs::Action>& legal, const std::vector<float>& all) {
  double peak = -INFINITY, sum = 0;
  for (const envs::Action action : legal)
    peak = std::max<double>(peak, all[static_cast<std::size_t>(action)]);
  std::vector<double> policy;
  for (const envs::Action action : legal)
    sum += policy.emplace_back(std::exp(all[static_cast<std::size_t>(action)] - peak));
  for (double& p : policy) p /= sum;
  return policy;
}

std::vector<Answer> answers(const Positions& positions, const nets::InferencePlan& plan) {
  std::vector<float> observation(static_cast<std::size_t>(plan.observation_size()));
  std::vector<float> logits(static_cast<std::size_t>(plan.num_actions())), value(1);
  std::vector<envs::Action> legal;
  const auto scratch = plan.make_scratch();
  std::vector<Answer> result;
  for (const auto& state : positions) {
    state->write_observation(observation);
    plan.evaluate(1, observation, logits, value, *scratch);
    state->legal_actions(legal);
    result.push_back({softmax(legal, logits), value[0]});
  }
  return result;
}

double kl_divergence(const std::vector<double>& p, const std::vector<double>& q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i] > 0) sum += p[i] * std::log(p[i] / q[i]);
  return sum;
}

double percentile_99(std::vector<double> values) {
  const auto at = static_cast<std::ptrdiff_t>(0.99 * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

PrecisionError precision_error(const Positions& positions, const nets::InferencePlan& fp32,
                               const nets::InferencePlan& plan) {
  const std::vector<Answer> want = answers(positions, fp32), got = answers(positions, plan);
  std::vector<double> value, kl;
  for (std::size_t i = 0; i < want.size(); ++i) {
    value.push_back(std::abs(got[i].value - want[i].value));
    kl.push_back(kl_divergence(want[i].policy, got[i].policy));
  }
  return {percentile_99(value), percentile_99(kl)};
}

}  // namespace tengen::tools
