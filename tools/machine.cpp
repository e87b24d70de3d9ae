#include "tools/machine.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <dnnl.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/base/error.hpp"
#include "engine/base/threads.hpp"
#include "engine/kernels/winograd/conv3x3.hpp"

namespace tengen::tools {
namespace {

using nets::Precision;

constexpr const char* kVectorFeatures[] = {"sse4_1",      "avx2",        "fma",         "avx512f",
                                           "avx512_vnni", "avx512_bf16", "avx512_fp16", "avx_vnni",
                                           "amx_tile",    "amx_bf16",    "amx_int8"};

/// The first core's; all are alike.
void read_cpuinfo(Machine& machine) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && machine.features.empty();) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.rfind("model name", 0) == 0) machine.cpu = line.substr(colon + 2);
    if (line.rfind("flags", 0) != 0) continue;
    std::istringstream words(line.substr(colon + 2));
    std::set<std::string> flags;
    for (std::string word; words >> word;) flags.insert(word);
    for (const char* feature : kVectorFeatures)
      if (flags.count(feature)) machine.features.push_back(feature);
  }
}

std::string read_word(const std::string& path) {
  std::string word;
  std::ifstream(path) >> word;
  return word;
}

const std::string kCpus = "/sys/devices/system/cpu/cpu";

std::vector<Cache> read_caches() {
  std::vector<Cache> caches;
  for (int i = 0;; ++i) {
    const std::string folder = kCpus + fmt::format("0/cache/index{}/", i);
    const std::string level = read_word(folder + "level");
    if (level.empty()) return caches;
    caches.push_back({std::atoi(level.c_str()), read_word(folder + "type"),
                      read_word(folder + "size"), read_word(folder + "shared_cpu_list")});
  }
}

int count_cores() {
  std::set<std::string> cores;
  for (int i = 0;; ++i) {
    const std::string folder = kCpus + fmt::format("{}/topology/", i);
    const std::string core = read_word(folder + "core_id");
    if (core.empty()) return static_cast<int>(cores.size());
    cores.insert(read_word(folder + "physical_package_id") + ":" + core);
  }
}

double installed_gib() {
  const double pages = static_cast<double>(sysconf(_SC_PHYS_PAGES));
  return pages > 0 ? pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 30) : 0;
}

/// Instruction sets are bit masks, each containing those that it extends.
bool uses(dnnl::cpu_isa isa) {
  const auto have = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return (have & static_cast<unsigned>(isa)) == static_cast<unsigned>(isa);
}

/// Behind "this CPU has no ..." if the CPU is not the only reason.
std::string or_limit() {
  const std::string limit = onednn_isa_limit();
  return limit.empty() ? "" : fmt::format(" that oneDNN may use (DNNL_MAX_CPU_ISA={})", limit);
}

/// Behind how fp32 is computed.
std::string winograd_text() {
  const auto isa = kernels::winograd::best_isa();
  return isa ? "; 3x3 convolutions by Tengen's own Winograd kernel for " + to_string(*isa) : "";
}

}  // namespace

bool Machine::has(const std::string& feature) const {
  return std::find(features.begin(), features.end(), feature) != features.end();
}

Machine read_machine() {
  Machine machine;
  read_cpuinfo(machine);
  machine.threads = default_threads();
  machine.cores = count_cores();
  machine.caches = read_caches();
  machine.memory_gib = installed_gib();
  return machine;
}

std::string onednn_isa() {
  using dnnl::cpu_isa;
  constexpr std::pair<cpu_isa, const char*> kBestFirst[] = {
      {cpu_isa::avx512_core_amx, "AVX512_CORE_AMX"},
      {cpu_isa::avx512_core_bf16, "AVX512_CORE_BF16"},
      {cpu_isa::avx512_core_vnni, "AVX512_CORE_VNNI"},
      {cpu_isa::avx512_core, "AVX512_CORE"},
      {cpu_isa::avx2_vnni, "AVX2_VNNI"},
      {cpu_isa::avx2, "AVX2"},
      {cpu_isa::avx, "AVX"},
      {cpu_isa::sse41, "SSE41"}};
  for (const auto& [isa, name] : kBestFirst)
    if (uses(isa)) return name;
  return "none";
}

bool onednn_uses_amx() { return uses(dnnl::cpu_isa::avx512_core_amx); }

std::string onednn_version() {
  const dnnl_version_t* version = dnnl_version();
  return fmt::format("{}.{}.{}", version->major, version->minor, version->patch);
}

std::string onednn_isa_limit() {
  for (const char* name : {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"})
    if (const char* value = std::getenv(name)) return value;
  return "";
}

std::string how_computed(Precision precision) {
  if (!nets::is_supported(precision))
    return fmt::format("not possible: there is no {}{}", nets::requirement(precision), or_limit());
  const bool native = is_native(precision);
  if (precision == Precision::fp32) return "native, " + onednn_isa() + winograd_text();
  if (native && onednn_uses_amx()) return "native, AMX tiles";
  if (precision == Precision::int8)
    return native ? "native, VNNI" : "emulated: there is neither VNNI nor AMX" + or_limit();
  return native ? "native, AVX512_BF16"
                : "emulated and slow: there is neither AVX512_BF16 nor AMX" + or_limit();
}

bool is_native(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return true;
    case Precision::bf16:
      return uses(dnnl::cpu_isa::avx512_core_bf16);
    case Precision::int8:
      return nets::has_exact_int8();
  }
  return false;
}

std::vector<Precision> native_precisions() {
  std::vector<Precision> native;
  for (const Precision precision : kPrecisions)
    if (is_native(precision)) native.push_back(precision);
  return native;
}

}  // namespace tengen::tools
