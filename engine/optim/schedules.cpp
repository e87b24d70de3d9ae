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

double linear_warm_up(std::int64_t warm_up_steps, std::int64_t step) {
  if (warm_up_steps <= 0) return 1.0;
  return std::min(1.0, double(step + 1) / double(warm_up_steps));
}

}  // namespace tengen
