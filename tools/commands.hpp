// The subcommands of `tengen`, one file each. A function declares its options on `app` and, if its
// subcommand is chosen, leaves in `action` what to do; cli.cpp then runs it. Actions return the
// exit code and throw tengen::Error or std::invalid_argument for what the user can correct.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace tengen::tools {

using Action = std::function<int()>;

void add_train_command(CLI::App& app, Action& action);
void add_match_command(CLI::App& app, Action& action);
void add_gtp_command(CLI::App& app, Action& action);
void add_bench_command(CLI::App& app, Action& action);
void add_net_command(CLI::App& app, Action& action);
void add_run_command(CLI::App& app, Action& action);
void add_games_command(CLI::App& app, Action& action);
void add_info_command(CLI::App& app, Action& action);

}  // namespace tengen::tools
