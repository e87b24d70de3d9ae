// The command line of `tengen`: subcommands, their errors and exit codes.
#pragma once

namespace tengen::tools {

/// Runs `tengen argv[1] ...`. Results go to stdout, progress and errors to stderr. Returns the exit
/// code: 0 success, 1 the work failed, 2 the arguments or files were wrong (one line on stderr says
/// what, where, and what would be right).
int run_tool(int argc, const char* const* argv);

}  // namespace tengen::tools
