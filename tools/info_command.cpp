// tengen info: this build, this CPU, and how nets are computed on it and why.
#include <iostream>
#include <string>

#include "engine/base/error.hpp"
#include "nets/inference/inference_plan.hpp"
#include "tools/commands.hpp"
#include "tools/machine.hpp"
#include "tools/options.hpp"
#include "tools/text_table.hpp"
#include "tools/version.hpp"

namespace tengen::tools {
namespace {

std::string caches_text(const Machine& machine) {
  std::string text;
  for (const Cache& cache : machine.caches)
    text += fmt::format("{}L{} {} {} (CPUs {})", text.empty() ? "" : ", ", cache.level, cache.type,
                        cache.size, cache.sharers);
  return text.empty() ? "unknown" : text;
}

std::string kernels_text(const Machine& machine) {
  const std::string limit = onednn_isa_limit();
  const bool amx_idle = machine.has("amx_tile") && !onednn_uses_amx();
  return fmt::format("oneDNN {}, using {}{}{}", onednn_version(), onednn_isa(),
                     amx_idle ? ", not the AMX that the CPU lists" : "",
                     limit.empty() ? "" : ", limited by DNNL_MAX_CPU_ISA=" + limit);
}

std::string choice_text() {
  const nets::Precision choice = nets::default_precision();
  const char* reason = choice == nets::Precision::fp32 ? "bf16 is not native here (see above)"
                       : onednn_uses_amx() ? "it is native here, and faster than fp32 with AMX"
                                           : "it is native here (`tengen bench net` says how fast)";
  return fmt::format("{}, because {}", nets::to_string(choice), reason);
}

int show_info() {
  const Machine machine = read_machine();
  TextTable table({"<", "<"});
  table.add({"version", std::string("tengen ") + kVersion});
  table.add({"compiler", "g++ " __VERSION__ ", for any x86-64-v2"});
  table.add({"CPU", machine.cpu});
  table.add({"cores", fmt::format("{} ({} threads for this process)",
                                  machine.cores ? std::to_string(machine.cores) : "unknown",
                                  machine.threads)});
  table.add({"caches", caches_text(machine)});
  table.add({"memory", fmt::format("{:.1f} GiB", machine.memory_gib)});
  table.add({"features", machine.features.empty()
                             ? "none beyond x86-64-v2"
                             : fmt::format("{}", fmt::join(machine.features, " "))});
  table.add({"kernels", kernels_text(machine)});
  for (const nets::Precision precision : kPrecisions)
    table.add({nets::to_string(precision), how_computed(precision)});
  table.add({"inference", choice_text()});
  std::cout << table.to_string();
  return 0;
}

}  // namespace

void add_info_command(Command& root) {
  root.add_command("info", "show this build, this CPU, and how nets are computed on it and why",
                   "Examples:\n  tengen info\n  DNNL_MAX_CPU_ISA=AVX2 tengen info")
      .action(show_info);
}

}  // namespace tengen::tools
