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

TEST_CASE("An exponential schedule falls by its factor every step", "[optim][schedules]") {
  CHECK(exponential_rate(0.2, 0.5, 0) == 0.2);
  CHECK(exponential_rate(0.2, 0.5, 3) == Approx(0.025));
}

TEST_CASE("A polynomial schedule ends at its final rate and stays", "[optim][schedules]") {
  CHECK(polynomial_rate(1, 0.2, 1, 100, 0) == Approx(1));
  CHECK(polynomial_rate(1, 0.2, 1, 100, 25) == Approx(0.8));
  CHECK(polynomial_rate(1, 0.2, 2, 100, 50) == Approx(0.4));
  CHECK(polynomial_rate(1, 0.2, 2, 100, 300) == Approx(0.2));
  CHECK_THROWS_AS(polynomial_rate(1, 0, 1, 0, 5), std::invalid_argument);
}

TEST_CASE("Cosine restarts begin again every period", "[optim][schedules]") {
  for (int step : {0, 3, 9})
    CHECK(cosine_restarts_rate(1, 0.1, 10, step + 20) == cosine_rate(1, 0.1, 10, step));
  CHECK_THROWS_AS(cosine_restarts_rate(1, 0.1, 0, 5), std::invalid_argument);
}

TEST_CASE("The inverse square root schedule peaks at the end of its warm-up",
          "[optim][schedules]") {
  CHECK(inverse_square_root_rate(0.1, 4, 0) == Approx(0.025));
  CHECK(inverse_square_root_rate(0.1, 4, 3) == Approx(0.1));
  CHECK(inverse_square_root_rate(0.1, 4, 15) == Approx(0.05));
  CHECK_THROWS_AS(inverse_square_root_rate(0.1, 0, 5), std::invalid_argument);
}
