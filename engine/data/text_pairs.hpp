// Generated translation tasks: short strings with one right answer each.
#pragma once

#include <string>
#include <vector>

#include "engine/base/random.hpp"

namespace tengen {

struct TextPair {
  std::string source, target;
};

/// Sums as they are written, "57+5" -> "62": numbers of 1 to `digits` digits, each number of
/// digits as often as the others, and no source twice. `digits` is 1 to 8, `count` at most a
/// quarter of all sums, else std::invalid_argument.
std::vector<TextPair> addition_strings(int count, int digits, Rng& rng);

/// Dates from 1970 to 2019 as people write them, "Sep 27th, 1994", "TUESDAY, SEPTEMBER 27, 1994",
/// "9/27/94" (month first), "27.9.1994" (day first), ... -> "1994-09-27". No source twice; `count`
/// is at most 100,000.
std::vector<TextPair> date_strings(int count, Rng& rng);

}  // namespace tengen
