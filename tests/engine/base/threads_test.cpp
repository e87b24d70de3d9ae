#include "engine/base/threads.hpp"

#include <sched.h>

#include <catch2/catch.hpp>
#include <thread>

using namespace tengen;

TEST_CASE("By default there is a thread for each CPU that may be used", "[engine][base][threads]") {
  CHECK(default_threads() >= 1);
  CHECK(threads_or_default(0) == default_threads());
  CHECK(threads_or_default(3) == 3);
  int pinned = 0;
  std::thread([&pinned] {  // the affinity is that of the thread
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    pinned = default_threads();
  })
      .join();
  CHECK(pinned == 1);
}
