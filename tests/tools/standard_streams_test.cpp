#include "tools/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using tengen::tools::occupy_closed_streams;

TEST_CASE("A file that is opened never takes the place of a closed standard stream",
          "[tools][streams]") {
  const int kept = ::dup(STDERR_FILENO);
  ::close(STDERR_FILENO);
  occupy_closed_streams();
  const int opened = ::open("/dev/null", O_WRONLY);
  const bool writable = ::write(STDERR_FILENO, "x", 1) == 1;
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  ::close(opened);
  CHECK(opened > STDERR_FILENO);
  CHECK_FALSE(writable);  // the same errors as of a closed one
}
