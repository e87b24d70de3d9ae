#include "tools/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace tengen::tools {

void occupy_closed_streams() {
  int descriptor = -1;
  do {
    descriptor = ::open("/dev/null", O_RDONLY);  // the lowest number that is free
  } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor >= 0) ::close(descriptor);
}

}  // namespace tengen::tools
