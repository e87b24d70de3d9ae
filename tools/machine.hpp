// What this computer is, as far as speed depends on it, and how nets are computed on it: for
// `tengen info`, beside every bench, and for the defaults of benches.
#pragma once

#include <string>
#include <vector>

#include "nets/inference/inference_plan.hpp"

namespace tengen::tools {

struct Cache {
  int level = 0;
  std::string type;     // "Data", "Instruction", "Unified"
  std::string size;     // as the kernel writes it: "48K"
  std::string sharers;  // logical CPUs: "0-1"
};

struct Machine {
  std::string cpu = "unknown";        // model name
  std::vector<std::string> features;  // vector instruction sets, as the kernel calls them
  int threads = 1;                    // logical CPUs that this process may use
  int cores = 0;                      // physical ones of the machine; 0: unknown
  std::vector<Cache> caches;          // of the first core
  double memory_gib = 0;              // of the machine; 0: unknown

  bool has(const std::string& feature) const;
};

/// Reads /proc and /sys; what cannot be read stays at its default.
Machine read_machine();

/// The best instruction set that oneDNN uses, which may be less than the CPU has: oneDNN may not
/// know it, or the environment variable DNNL_MAX_CPU_ISA forbids it.
std::string onednn_isa();
/// Whether that set has AMX: a CPU may list it and the system not grant it.
bool onednn_uses_amx();
std::string onednn_version();
/// DNNL_MAX_CPU_ISA; empty if it is not set.
std::string onednn_isa_limit();

/// Every precision, the most exact first.
inline constexpr nets::Precision kPrecisions[] = {nets::Precision::fp32, nets::Precision::bf16,
                                                  nets::Precision::int8};

/// How a net of this precision is computed here, and why: "native, AMX tiles",
/// "native, AVX2; 3x3 convolutions by Tengen's own Winograd kernel for avx2",
/// "emulated: this CPU has neither AVX512_BF16 nor AMX", "not possible: ...".
std::string how_computed(nets::Precision precision);
/// Not slower for want of instructions: fp32 always, others where the CPU computes them itself.
bool is_native(nets::Precision precision);
/// The precisions that are native, fp32 first: what is measured unless the user says otherwise.
std::vector<nets::Precision> native_precisions();

}  // namespace tengen::tools
