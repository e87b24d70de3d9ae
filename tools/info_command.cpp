// tengen info: this build, this CPU, and how nets are evaluated on it.
#include <algorithm>
#include <dnnl.hpp>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/error.hpp"
#include "nets/inference/inference_plan.hpp"
#include "tools/commands.hpp"
#include "tools/options.hpp"
#include "tools/text_table.hpp"
#include "tools/version.hpp"

namespace tengen::tools {
namespace {

struct Cpu {
  std::string model = "unknown";
  std::vector<std::string> flags;
  bool has(const std::string& flag) const {
    return std::find(flags.begin(), flags.end(), flag) != flags.end();
  }
};

/// As the kernel names them; only the first core's, as all are alike.
Cpu read_cpu() {
  Cpu cpu;
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && cpu.flags.empty();) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    if (line.rfind("model name", 0) == 0) cpu.model = line.substr(colon + 2);
    if (line.rfind("flags", 0) != 0) continue;
    std::istringstream words(line.substr(colon + 1));
    for (std::string word; words >> word;) cpu.flags.push_back(word);
  }
  return cpu;
}

std::string vector_features(const Cpu& cpu) {
  std::string text;
  for (const char* flag :
       {"avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_bf16", "amx_int8"})
    if (cpu.has(flag)) text.append(text.empty() ? "" : " ").append(flag);
  return text.empty() ? "none beyond x86-64-v2" : text;
}

std::string inference_choice() {
  return nets::default_precision() == nets::Precision::bf16
             ? "bf16, because this CPU computes it natively"
             : "fp32, because this CPU has neither AVX512_BF16 nor AMX, where bf16 is faster";
}

int show_info() {
  const Cpu cpu = read_cpu();
  const dnnl_version_t* dnnl = dnnl_version();
  TextTable table({"<", "<"});
  table.add({"version", std::string("tengen ") + kVersion});
  table.add({"compiler", "g++ " __VERSION__});
  table.add({"CPU", cpu.model});
  table.add({"threads", std::to_string(std::thread::hardware_concurrency())});
  table.add({"features", vector_features(cpu)});
  table.add({"inference", inference_choice()});
  table.add({"kernels", fmt::format("oneDNN {}.{}.{}", dnnl->major, dnnl->minor, dnnl->patch)});
  std::cout << table.to_string();
  return 0;
}

}  // namespace

void add_info_command(Command& root) {
  root.add_command("info", "show the version, the CPU and the inference path",
                   "Examples:\n  tengen info")
      .action(show_info);
}

}  // namespace tengen::tools
