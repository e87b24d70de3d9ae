#include "engine/base/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <thread>

namespace tengen {

int default_threads() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

int threads_or_default(int wanted) { return wanted > 0 ? wanted : default_threads(); }

}  // namespace tengen
