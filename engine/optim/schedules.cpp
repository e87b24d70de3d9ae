#include "engine/optim/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/base/error.hpp"

namespace tengen {

double step_rate(double base, double factor, std::int64_t interval, std::int64_t step) {
  if (interval < 1)
    bad_argument("step_rate", "expected an interval of at least 1, got {}", interval);
  return base * std::pow(factor, double(step / interval));
}

double cosine_rate(double base, double final_rate, std::int64_t total, std::int64_t step) {
  if (total < 1) bad_argument("cosine_rate", "expected a total of at least 1, got {}", total);
  const double done = std::clamp(double(step) / double(total), 0.0, 1.0);
  return final_rate + (base - final_rate) * 0.5 * (1 + std::cos(std::numbers::pi * done));
}

double exponential_rate(double base, double factor, std::int64_t step) {
  return base * std::pow(factor, double(step));
}

double polynomial_rate(double base, double final_rate, double power, std::int64_t total,
                       std::int64_t step) {
  if (total < 1) bad_argument("polynomial_rate", "expected a total of at least 1, got {}", total);
  const double left = 1 - std::clamp(double(step) / double(total), 0.0, 1.0);
  return final_rate + (base - final_rate) * std::pow(left, power);
}

double cosine_restarts_rate(double base, double final_rate, std::int64_t period,
                            std::int64_t step) {
  if (period < 1)
    bad_argument("cosine_restarts_rate", "expected a period of at least 1, got {}", period);
  return cosine_rate(base, final_rate, period, step % period);
}

double inverse_square_root_rate(double base, std::int64_t warm_up_steps, std::int64_t step) {
  if (warm_up_steps < 1)
    bad_argument("inverse_square_root_rate", "expected at least 1 warm-up step, got {}",
                 warm_up_steps);
  const double progress = double(step + 1) / double(warm_up_steps);
  return base * std::min(progress, 1 / std::sqrt(progress));
}

double linear_warm_up(std::int64_t warm_up_steps, std::int64_t step) {
  if (warm_up_steps <= 0) return 1.0;
  return std::min(1.0, double(step + 1) / double(warm_up_steps));
}

}  // namespace tengen
