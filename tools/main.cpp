#include "tools/cli.hpp"

int main(int argc, char** argv) { return tengen::tools::run_tool(argc, argv); }
