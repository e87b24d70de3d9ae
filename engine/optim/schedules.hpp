// Learning-rate schedules: plain functions of the step (counted from 0), without state, so a
// resumed run needs nothing but its step number.
#pragma once

#include <cstdint>

namespace tengen {

/// base, whatever the step.
constexpr double constant_rate(double base, std::int64_t /*step*/) { return base; }

/// base * factor^(step / interval), integer division: drops by `factor` every `interval` steps.
double step_rate(double base, double factor, std::int64_t interval, std::int64_t step);

/// Half a cosine from base at step 0 to final_rate at `total` steps and after (Loshchilov and
/// Hutter 2017, eq. 5, without restarts).
double cosine_rate(double base, double final_rate, std::int64_t total, std::int64_t step);

/// base * factor^step.
double exponential_rate(double base, double factor, std::int64_t step);

/// From base at step 0 to final_rate at `total` steps and after: final_rate + (base - final_rate)
/// (1 - step / total)^power. Power 1 is a straight line.
double polynomial_rate(double base, double final_rate, double power, std::int64_t total,
                       std::int64_t step);

/// The cosine of cosine_rate() again and again, every `period` steps (Loshchilov and Hutter 2017,
/// eq. 5, with restarts of one length).
double cosine_restarts_rate(double base, double final_rate, std::int64_t period, std::int64_t step);

/// Linear warm-up to `base` at `warm_up_steps` (at least 1), then falling with 1 / sqrt(step): the
/// transformer's schedule (Vaswani et al. 2017, eq. 3), where base is (width warm_up_steps)^-0.5.
double inverse_square_root_rate(double base, std::int64_t warm_up_steps, std::int64_t step);

/// Factor that rises linearly, (step + 1) / warm_up_steps, and stays at 1: multiply any rate with
/// it. Without warm-up (0 steps) it is always 1.
double linear_warm_up(std::int64_t warm_up_steps, std::int64_t step);

}  // namespace tengen
