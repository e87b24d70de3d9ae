// How the examples of a task fall into parts that follow one another: those to train on, to choose
// by, to test.
#pragma once

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "engine/base/spec.hpp"
#include "selfplay/fit/fit_task.hpp"

namespace tengen::selfplay {

struct PartSizes {
  std::int64_t train = 0, validation = 0, test = 0;

  /// Of `count` examples the last `test` are the test's, and of the others the last `validation`.
  /// Throws std::invalid_argument if nothing is left to train on, or there is no test.
  static PartSizes of(std::int64_t count, std::int64_t validation, std::int64_t test) {
    const PartSizes sizes{count - validation - test, validation, test};
    if (sizes.train < 1 || validation < 0 || test < 1)
      bad_argument("parts", "expected examples to train on and to test, got {} and {}", sizes.train,
                   test);
    return sizes;
  }

  /// The numbers of a part's examples; the test's stand in for validation examples that are none.
  std::vector<std::uint32_t> indices(Part part) const {
    const bool validates = part == Part::validation && validation > 0;
    const std::int64_t begin = part == Part::train ? 0 : validates ? train : train + validation;
    const std::int64_t size = part == Part::train ? train : validates ? validation : test;
    std::vector<std::uint32_t> result(static_cast<std::size_t>(size));
    std::iota(result.begin(), result.end(), static_cast<std::uint32_t>(begin));
    return result;
  }
};

/// The options that tasks with generated examples share.
struct GeneratedSizes {
  int train = 0;  // the validation examples are among them, where parts() is used
  int test = 0, validation = 0, seed = 1;

  /// `defaults` for what is not given.
  static GeneratedSizes read(Spec& spec, const GeneratedSizes& defaults) {
    return {.train = spec.get_int("train", defaults.train, 1, 10'000'000),
            .test = spec.get_int("test", defaults.test, 1, 1'000'000),
            .validation = spec.get_int("validation", defaults.validation, 0, 10'000'000),
            .seed = spec.get_int("seed", defaults.seed, 0, 1'000'000'000)};
  }

  PartSizes parts() const { return PartSizes::of(train + test, validation, test); }
  Rng rng() const { return Rng(static_cast<std::uint64_t>(seed)); }

  /// As options of a task's description.
  std::string text() const {
    return fmt::format("train={},test={},seed={}", train, test, seed) +
           (validation > 0 ? fmt::format(",validation={}", validation) : "");
  }
};

}  // namespace tengen::selfplay
