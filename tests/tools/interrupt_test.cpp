#include "tools/interrupt.hpp"

#include <catch2/catch.hpp>
#include <csignal>

using tengen::tools::InterruptFlag;

TEST_CASE("Ctrl-C and a closed terminal and a request to end are requests", "[tools][interrupt]") {
  const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
  std::signal(signal, SIG_DFL);  // under nohup one is ignored
  const InterruptFlag interrupt;
  CHECK_FALSE(interrupt.flag());
  std::raise(signal);
  CHECK(interrupt.flag());
}

TEST_CASE("A signal that is ignored stays ignored", "[tools][interrupt]") {
  std::signal(SIGHUP, SIG_IGN);
  {
    const InterruptFlag interrupt;
    std::raise(SIGHUP);
    CHECK_FALSE(interrupt.flag());
  }
  CHECK(std::signal(SIGHUP, SIG_DFL) == SIG_IGN);
}
