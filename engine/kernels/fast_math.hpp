// Functions of one float that a compiler can put into vectors, unlike those of <cmath>, which set
// errno; and the exact ones for double, so that one loop serves both.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace tengen::kernels {

/// 2^x = whole (1 + part), |x| <= 126: a Taylor polynomial on [-ln 2 / 2, ln 2 / 2] and an
/// exponent.
struct PowerOfTwo {
  float whole, part;
};
inline PowerOfTwo power_of_two(float x) {
  constexpr float kRound = 12582912.0f;  // 1.5 2^23: adding it rounds to a whole number
  const float n = (x + kRound) - kRound;
  const float r = (x - n) * 0.69314718055994531f;
  const float part =
      r +
      r * r *
          (0.5f + r * (1.0f / 6 +
                       r * (1.0f / 24 + r * (1.0f / 120 + r * (1.0f / 720 + r * (1.0f / 5040))))));
  return {std::bit_cast<float>((static_cast<std::int32_t>(n) + 127) << 23), part};
}

/// tanh x within 3 units in the last place: expm1(2x) / (expm1(2x) + 2) keeps its digits near 0.
inline float tanh_of(float x) {
  const float clipped = std::min(std::max(x, -10.0f), 10.0f);
  const PowerOfTwo e = power_of_two(clipped * 2.8853900817779268f);  // 2 x / ln 2
  const float expm1 = e.whole * e.part + (e.whole - 1);
  const float y = expm1 / (expm1 + 2);
  return x == x ? y : x;  // NaN stays
}

/// 1 / (1 + exp(-x)), within 1e-5 of itself where it is tiny, within 1e-7 of 1 elsewhere.
inline float logistic_of(float x) {
  const float clipped = std::min(std::max(x, -80.0f), 80.0f);
  const PowerOfTwo e = power_of_two(clipped * -1.4426950408889634f);
  const float y = 1 / (1 + (e.whole * e.part + e.whole));
  return x == x ? y : x;
}

inline double tanh_of(double x) { return std::tanh(x); }
inline double logistic_of(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace tengen::kernels
