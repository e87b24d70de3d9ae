// The subcommands of `tengen rl`, one file each.
#pragma once

namespace tengen::tools {

class Command;

void add_rl_bench(Command& rl);
void add_rl_tabular(Command& rl);

/// Tic-tac-toe learned in self-play with each seed: what a perfect opponent wins against it.
void print_self_play_bench(int seeds);

}  // namespace tengen::tools
