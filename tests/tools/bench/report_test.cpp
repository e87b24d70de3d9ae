#include "tools/bench/report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace tengen::tools;

namespace {

BenchReport example() {
  BenchReport report{"net", "net X", "evaluations_per_second", {}, {"fastest: batch 8"}};
  report.rows.push_back({{{"precision", "bf16"}, {"threads", 2}},
                         to_measurement({90, 100, 110}, "a triad", {200, 200, 200}),
                         {{"latency_us", 12.5}, {"native", true}}});
  report.rows.push_back(
      {{{"precision", "fp32"}, {"threads", 1}}, to_measurement({50}, "", {}), {}});
  return report;
}

}  // namespace

TEST_CASE("A report's JSON carries units in its keys", "[tools][bench]") {
  const auto json = nlohmann::json::parse(to_json({{"cpu", "Z80"}, {"threads", 1}}, {example()}));
  CHECK(json["machine"]["cpu"] == "Z80");
  REQUIRE(json["net"].size() == 2);
  const auto& row = json["net"][0];
  CHECK(row["precision"] == "bf16");
  CHECK(row["threads"] == 2);
  CHECK(row["evaluations_per_second"] == 100);
  CHECK(row["evaluations_per_second_q1"] == 95);
  CHECK(row["evaluations_per_second_q3"] == 105);
  CHECK(row["samples"] == 3);
  CHECK(row["ceiling"] == "a triad");
  CHECK(row["ceiling_evaluations_per_second"] == 200);
  CHECK(row["ratio_to_ceiling"] == 0.5);
  CHECK(row["latency_us"] == 12.5);
  CHECK(row["native"] == true);
  CHECK_FALSE(json["net"][1].contains("ceiling"));
}

TEST_CASE("A report's table reads as its units", "[tools][bench]") {
  CHECK(to_text(example()) ==
        "net X\n"
        "precision  threads  evaluations/s  +-  ceiling  ratio  latency us  native\n"
        "bf16             2            100  5%      200   0.50        12.5     yes\n"
        "fp32             1           50.0\n"
        "ceiling: a triad\n"
        "fastest: batch 8\n");
}
