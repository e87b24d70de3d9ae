#include "nets/inference/precision.hpp"

#include <dnnl.hpp>

#include "engine/base/error.hpp"

namespace tengen::nets {

namespace {

/// Instruction sets are bit masks, each containing those that it extends.
bool has_isa(dnnl::cpu_isa isa) {
  const auto have = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return (have & static_cast<unsigned>(isa)) == static_cast<unsigned>(isa);
}

}  // namespace

Precision default_precision() {
  return has_isa(dnnl::cpu_isa::avx512_core_bf16) ? Precision::bf16 : Precision::fp32;
}

bool is_supported(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return true;
    case Precision::bf16:
      return has_isa(dnnl::cpu_isa::avx512_core);
    case Precision::int8:
      return has_isa(dnnl::cpu_isa::avx2);
  }
  return false;
}

std::string requirement(Precision precision) {
  return precision == Precision::int8 ? "AVX2" : "AVX-512";
}

Precision parse_precision(const std::string& text) {
  if (text == "auto") return default_precision();
  for (const Precision precision : {Precision::fp32, Precision::bf16, Precision::int8})
    if (text == to_string(precision)) return precision;
  bad_argument("precision", "expected fp32, bf16, int8 or auto, got '{}'", text);
}

std::string to_string(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return "fp32";
    case Precision::bf16:
      return "bf16";
    case Precision::int8:
      return "int8";
  }
  bad_argument("precision", "expected a known precision, got {}", static_cast<int>(precision));
}

bool has_exact_int8() {
  return has_isa(dnnl::cpu_isa::avx512_core_vnni) || has_isa(dnnl::cpu_isa::avx2_vnni);
}

}  // namespace tengen::nets
