// The subcommands of `tengen rl`, one file each.
#pragma once

namespace tengen::tools {

class Command;

void add_rl_bench(Command& rl);
void add_rl_tabular(Command& rl);

}  // namespace tengen::tools
