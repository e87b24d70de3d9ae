#include "selfplay/policy_gradient/rollout.hpp"

#include <cmath>

namespace tengen::selfplay {

void Rollout::resize(int new_steps, int new_environments, int observation_size, int mask_size,
                     int action_size) {
  steps = new_steps;
  environments = new_environments;
  observations.resize(rows() * observation_size);
  masks.resize(rows() * mask_size);
  actions.resize(rows() * action_size);
  for (auto* column : {&log_probs, &values, &rewards, &final_values}) column->resize(rows());
  starts.resize(rows());
  ends.resize(rows());
  last_values.resize(environments);
}

Advantages estimate_advantages(const Rollout& r, double gamma, double lambda) {
  Advantages result{std::vector<float>(r.rows()), std::vector<float>(r.rows())};
  for (int i = 0; i < r.environments; ++i) {
    double advantage = 0, next_value = r.last_values[i];
    for (int t = r.steps - 1; t >= 0; --t) {
      const std::size_t row = static_cast<std::size_t>(t) * r.environments + i;
      if (r.ends[row]) {
        advantage = 0;
        next_value = r.final_values[row];
      }
      const double delta = r.rewards[row] + gamma * next_value - r.values[row];
      advantage = delta + gamma * lambda * advantage;
      next_value = r.values[row];
      result.advantages[row] = static_cast<float>(advantage);
      result.returns[row] = static_cast<float>(advantage + next_value);
    }
  }
  return result;
}

std::vector<float> episode_returns(const Rollout& r, double gamma) {
  std::vector<float> returns(r.rows());
  for (int i = 0; i < r.environments; ++i) {
    double sum = 0;
    for (int t = r.steps - 1; t >= 0; --t) {
      const std::size_t row = static_cast<std::size_t>(t) * r.environments + i;
      sum = r.rewards[row] + (r.ends[row] ? 0 : gamma * sum);
      returns[row] = static_cast<float>(sum);
    }
  }
  return returns;
}

double explained_variance(std::span<const float> values, std::span<const float> returns) {
  double sum = 0, squares = 0, error_sum = 0, error_squares = 0;
  for (std::size_t i = 0; i < returns.size(); ++i) {
    const double y = returns[i], e = y - values[i];
    sum += y;
    squares += y * y;
    error_sum += e;
    error_squares += e * e;
  }
  const double n = static_cast<double>(returns.size());
  const double variance = squares - sum * sum / n;
  if (!(variance > 0)) return std::nan("");
  return 1 - (error_squares - error_sum * error_sum / n) / variance;
}

}  // namespace tengen::selfplay
