#include "tools/cli.hpp"
#include "tools/standard_streams.hpp"

int main(int argc, char** argv) {
  tengen::tools::occupy_closed_streams();
  return tengen::tools::run_tool(argc, argv);
}
