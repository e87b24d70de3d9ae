#include "tools/bench/sampling.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace tengen::tools;

TEST_CASE("Contenders are warmed up once and then sampled in turn", "[tools][bench]") {
  std::string calls;
  const auto contender = [&](char name) {
    return [&calls, name](double) {
      calls += name;
      return static_cast<double>(calls.size());
    };
  };
  const auto samples =
      sample_in_turn({contender('a'), contender('b')}, {.repeats = 3, .seconds = 10});
  CHECK(calls == "abababab");
  CHECK(samples[0] == std::vector<double>{3, 5, 7});  // the warm-up is not counted
  CHECK(samples[1] == std::vector<double>{4, 6, 8});
}

TEST_CASE("Work far longer than its sample is repeated less often", "[tools][bench]") {
  int calls = 0;
  const Contender slow = [&](double) {
    ++calls;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return 1.0;
  };
  CHECK(sample_in_turn({slow}, {.repeats = 1000, .seconds = 1e-9})[0].size() == 1);
  CHECK(calls == 2);
}

TEST_CASE("Drift that hits both leaves the ratio to the ceiling alone", "[tools][bench]") {
  double speed = 1;
  const Contender thing = [&](double) { return 3 * (speed *= 0.9); };
  const Ceiling ceiling{"machine", [&](double) { return 4 * speed; }};
  const Measurement m = measure(thing, ceiling, {.repeats = 5, .seconds = 10});
  CHECK(m.ratio == Approx(0.75));
  CHECK(m.ceiling_name == "machine");
  CHECK(m.rate.spread() > 0.05);
}

TEST_CASE("Without a ceiling only the rate is measured", "[tools][bench]") {
  const Measurement m = measure([](double) { return 5.0; }, std::nullopt, {.repeats = 2});
  CHECK(m.rate.median == 5);
  CHECK(m.ceiling_name.empty());
}

TEST_CASE("Streams work at once and their rates add up", "[tools][bench]") {
  std::atomic<int> made = 0, calls = 0;
  const Contender streams = run_streams(3, [&](int) -> Work {
    ++made;
    return [&] {
      ++calls;
      return 1000.0;
    };
  });
  CHECK(made == 0);
  CHECK(streams(0) > 0);  // at least one call each, however short
  CHECK(calls >= 3);
  CHECK(streams(0) > 0);
  CHECK(made == 3);  // work is made once
}

TEST_CASE("What a stream throws is thrown on", "[tools][bench]") {
  const Contender streams = run_streams(2, [](int stream) -> Work {
    if (stream == 1) throw std::runtime_error("no net");
    return [] { return 1.0; };
  });
  CHECK_THROWS_WITH(streams(0), "no net");
}
