#include "engine/optim/schedules.hpp"

#include <catch2/catch.hpp>

using namespace tengen;

TEST_CASE("A constant schedule ignores the step", "[optim][schedules]") {
  CHECK(constant_rate(0.1, 0) == 0.1);
  CHECK(constant_rate(0.1, 1000000) == 0.1);
}

TEST_CASE("A step schedule drops by its factor every interval", "[optim][schedules]") {
  CHECK(step_rate(0.2, 0.1, 100, 99) == Approx(0.2));
  CHECK(step_rate(0.2, 0.1, 100, 100) == Approx(0.02));
  CHECK(step_rate(0.2, 0.1, 100, 299) == Approx(0.002));
  CHECK_THROWS_AS(step_rate(0.2, 0.1, 0, 5), std::invalid_argument);
}

TEST_CASE("A cosine schedule goes from its base over the middle to its end and stays",
          "[optim][schedules]") {
  CHECK(cosine_rate(1.0, 0.2, 100, 0) == Approx(1.0));
  CHECK(cosine_rate(1.0, 0.2, 100, 50) == Approx(0.6));
  CHECK(cosine_rate(1.0, 0.2, 100, 25) == Approx(0.2 + 0.4 * (1 + 0.70710678)));
  CHECK(cosine_rate(1.0, 0.2, 100, 100) == Approx(0.2));
  CHECK(cosine_rate(1.0, 0.2, 100, 500) == Approx(0.2));
  CHECK_THROWS_AS(cosine_rate(1.0, 0.2, 0, 5), std::invalid_argument);
}

TEST_CASE("Warm-up rises linearly to one and stays there", "[optim][schedules]") {
  CHECK(linear_warm_up(4, 0) == Approx(0.25));
  CHECK(linear_warm_up(4, 3) == Approx(1));
  CHECK(linear_warm_up(4, 100) == 1);
  CHECK(linear_warm_up(0, 0) == 1);
}
