// The arithmetic in which InferencePlan runs a net's convolutions.
#pragma once

#include <string>

namespace tengen::nets {

enum class Precision {
  fp32,
  bf16,
  int8,  // 8-bit weights and activations, 32-bit sums; needs a Calibration
};

/// bf16 where the CPU computes it natively (AVX512_BF16 or AMX), else fp32.
Precision default_precision();
/// fp32 always; bf16 from AVX-512 on (emulated, and slow, without AVX512_BF16); int8 from AVX2 on
/// (without VNNI in three instructions instead of one, and with weights of 7 bits).
bool is_supported(Precision precision);
/// What the CPU lacks where is_supported is false: "AVX-512".
std::string requirement(Precision precision);
/// "fp32", "bf16", "int8" or "auto"; anything else throws std::invalid_argument.
Precision parse_precision(const std::string& text);
std::string to_string(Precision precision);

/// Whether the CPU multiplies 8-bit numbers without saturating sums of pairs (VNNI, AMX).
bool has_exact_int8();

}  // namespace tengen::nets
