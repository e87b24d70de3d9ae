#include "tools/bench/statistic.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace tengen::tools;

TEST_CASE("Quartiles lie between neighbouring samples", "[tools][bench]") {
  const std::vector<double> samples = {40, 10, 30, 20};  // unordered; hand values
  const Statistic s = summarise(samples);
  CHECK(s.median == Approx(25));
  CHECK(s.low_quartile == Approx(17.5));
  CHECK(s.high_quartile == Approx(32.5));
  CHECK(s.least == 10);
  CHECK(s.most == 40);
  CHECK(s.count == 4);
  CHECK(s.spread() == Approx(7.5 / 25));
}

TEST_CASE("One sample is its own median without spread", "[tools][bench]") {
  const Statistic s = summarise(std::vector<double>{7});
  CHECK(s.median == 7);
  CHECK(s.low_quartile == 7);
  CHECK(s.high_quartile == 7);
  CHECK(s.spread() == 0);
}

TEST_CASE("A burst that slows one sample leaves the median alone", "[tools][bench]") {
  CHECK(summarise(std::vector<double>{100, 101, 99, 3, 100}).median == 100);
}

TEST_CASE("No samples are an error", "[tools][bench]") {
  CHECK_THROWS_AS(summarise(std::vector<double>{}), std::invalid_argument);
}
