#include "engine/optim/named_schedules.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tengen;
using Catch::Matchers::Contains;

namespace {

constexpr ScheduleSettings kRun{.learning_rate = 0.8, .steps_per_epoch = 4, .epochs = 10};

double rate(const std::string& description, std::int64_t step,
            const ScheduleSettings& settings = kRun) {
  return make_schedule(description, settings)(step);
}

}  // namespace

TEST_CASE("Every schedule can be named with its options", "[optim][schedules]") {
  CHECK(rate("constant", 39) == 0.8);
  CHECK(rate("cosine", 20) == Approx(0.4));
  CHECK(rate("cosine:final=0.2", 20) == Approx(0.5));
  CHECK(rate("linear:final=0.4", 10) == Approx(0.7));
  CHECK(rate("polynomial", 20) == Approx(0.2));
  CHECK(rate("polynomial:power=3,final=0.1", 20) == Approx(0.1 + 0.7 / 8));
  CHECK(rate("step:every=2,factor=0.5", 7) == Approx(0.8));
  CHECK(rate("step:every=2,factor=0.5", 8) == Approx(0.4));
  CHECK(rate("exponential:rate=0.25", 2) == Approx(0.4));
  CHECK(rate("exponential", 4) == Approx(0.72));
  CHECK(rate("cosine_restarts:period=2", 4) == Approx(0.4));
  CHECK(rate("cosine_restarts:period=2", 8) == Approx(0.8));
  CHECK(rate("cosine_restarts:period=2,final=0.2", 20) == Approx(0.5));
  CHECK(rate("inverse_sqrt:warmup=4", 1) == Approx(0.4));
  CHECK(rate("inverse_sqrt:warmup=4", 15) == Approx(0.4));
}

TEST_CASE("What a description leaves open is the run's setting", "[optim][schedules]") {
  ScheduleSettings run = kRun;
  run.final_rate = 0.2;
  run.step_epochs = 1;
  run.step_factor = 0.5;
  for (const char* name : {"cosine", "linear", "polynomial"}) CHECK(rate(name, 40, run) == 0.2);
  CHECK(rate("step", 8, run) == Approx(0.2));
  run.warmup_steps = 16;
  CHECK(rate("constant", 3, run) == Approx(0.2));
  CHECK(rate("step", 3, run) == Approx(0.2));
  CHECK(rate("inverse_sqrt", 3, run) == Approx(0.2));  // one warm-up, not two
  CHECK(rate("inverse_sqrt", 63, run) == Approx(0.4));
}

TEST_CASE("A schedule that is not known or has no such option is refused", "[optim][schedules]") {
  CHECK_THROWS_WITH(rate("cosin", 0), Contains("constant, cosine, linear") && Contains("cosin\""));
  CHECK_THROWS_WITH(rate("cosine_restarts:perod=5", 0), Contains("perod") && Contains("period"));
  CHECK_THROWS_WITH(rate("exponential:rate=2", 0), Contains("rate must be a number from 0 to 1"));
  CHECK_THROWS_AS(rate("constant", 0, {.steps_per_epoch = 0}), std::invalid_argument);
}
