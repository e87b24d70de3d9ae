#include "engine/optim/named_schedules.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "engine/optim/schedules.hpp"

namespace tengen {

namespace {

constexpr double kHighestRate = 1000;

double read_final(Spec& spec, const ScheduleSettings& s) {
  return spec.get_double("final", s.final_rate, 0, kHighestRate);
}

std::int64_t total_steps(const ScheduleSettings& s) { return s.steps_per_epoch * s.epochs; }

Schedule warmed_up(Schedule schedule, const ScheduleSettings& s) {
  return [schedule = std::move(schedule), steps = s.warmup_steps](std::int64_t step) {
    return schedule(step) * linear_warm_up(steps, step);
  };
}

Schedule make_constant(Spec&, const ScheduleSettings& s) {
  const auto rate = [s](std::int64_t step) { return constant_rate(s.learning_rate, step); };
  return warmed_up(rate, s);
}

Schedule make_cosine(Spec& spec, const ScheduleSettings& s) {
  const auto rate = [s, last = read_final(spec, s)](std::int64_t step) {
    return cosine_rate(s.learning_rate, last, total_steps(s), step);
  };
  return warmed_up(rate, s);
}

Schedule polynomial_of(double power, double last, const ScheduleSettings& s) {
  const auto rate = [=](std::int64_t step) {
    return polynomial_rate(s.learning_rate, last, power, total_steps(s), step);
  };
  return warmed_up(rate, s);
}

Schedule make_linear(Spec& spec, const ScheduleSettings& s) {
  return polynomial_of(1, read_final(spec, s), s);
}

Schedule make_polynomial(Spec& spec, const ScheduleSettings& s) {
  const double power = spec.get_double("power", 2, 0, 100);
  return polynomial_of(power, read_final(spec, s), s);
}

Schedule make_cosine_restarts(Spec& spec, const ScheduleSettings& s) {
  const std::int64_t period = spec.get_int("period", 10, 1, 1'000'000) * s.steps_per_epoch;
  const auto rate = [s, period, last = read_final(spec, s)](std::int64_t step) {
    return cosine_restarts_rate(s.learning_rate, last, period, step);
  };
  return warmed_up(rate, s);
}

Schedule make_step(Spec& spec, const ScheduleSettings& s) {
  const std::int64_t every = spec.get_int("every", s.step_epochs, 1, 1'000'000'000);
  const double factor = spec.get_double("factor", s.step_factor, 0, 1);
  const auto rate = [=](std::int64_t step) {
    return step_rate(s.learning_rate, factor, every * s.steps_per_epoch, step);
  };
  return warmed_up(rate, s);
}

Schedule make_exponential(Spec& spec, const ScheduleSettings& s) {
  const double an_epoch = spec.get_double("rate", 0.9, 0, 1);
  const double a_step = std::pow(an_epoch, 1 / static_cast<double>(s.steps_per_epoch));
  const auto rate = [=](std::int64_t step) {
    return exponential_rate(s.learning_rate, a_step, step);
  };
  return warmed_up(rate, s);
}

Schedule make_inverse_sqrt(Spec& spec, const ScheduleSettings& s) {
  const int from_settings =
      static_cast<int>(std::clamp<std::int64_t>(s.warmup_steps, 1, 1'000'000'000));
  return [s, warmup = spec.get_int("warmup", from_settings, 1, 1'000'000'000)](std::int64_t step) {
    return inverse_square_root_rate(s.learning_rate, warmup, step);
  };
}

struct NamedSchedule {
  std::string_view name;
  Schedule (*make)(Spec& spec, const ScheduleSettings& settings);
};

constexpr std::array kSchedules{
    NamedSchedule{"constant", make_constant},
    NamedSchedule{"cosine", make_cosine},
    NamedSchedule{"linear", make_linear},
    NamedSchedule{"polynomial", make_polynomial},
    NamedSchedule{"cosine_restarts", make_cosine_restarts},
    NamedSchedule{"step", make_step},
    NamedSchedule{"exponential", make_exponential},
    NamedSchedule{"inverse_sqrt", make_inverse_sqrt},
};

}  // namespace

Schedule make_schedule(const std::string& description, const ScheduleSettings& settings) {
  if (settings.steps_per_epoch < 1 || settings.epochs < 1)
    bad_argument("schedule", "expected at least one step and epoch, got {} and {}",
                 settings.steps_per_epoch, settings.epochs);
  Spec spec(description);
  for (const NamedSchedule& known : kSchedules) {
    if (spec.name() != known.name) continue;
    Schedule schedule = known.make(spec, settings);
    spec.finish();
    return schedule;
  }
  bad_argument("schedule", "expected one of {}, got \"{}\"", schedule_names(), spec.name());
}

std::string schedule_names() {
  std::string names;
  for (const NamedSchedule& known : kSchedules)
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  return names;
}

}  // namespace tengen
