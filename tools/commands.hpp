// The subcommands of `tengen`, one file each: a function declares its command and options on
// `root`, and leaves what to do if it is chosen.
#pragma once

namespace tengen::tools {

class Command;

void add_train_command(Command& root);
void add_fit_command(Command& root);
void add_match_command(Command& root);
void add_gtp_command(Command& root);
void add_gtp_test_command(Command& root);
void add_bench_command(Command& root);
void add_net_command(Command& root);
void add_rl_command(Command& root);
void add_run_command(Command& root);
void add_games_command(Command& root);
void add_info_command(Command& root);

}  // namespace tengen::tools
