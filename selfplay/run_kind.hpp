// Which command made a run. All runs share one directory and one database; what a step of theirs is
// and which tables are filled differ, and the keys of the config tell them apart.
#pragma once

#include <string>

#include "selfplay/run_directory.hpp"

namespace tengen::selfplay {

/// Named after the commands of tengen.
enum class RunKind { train, fit, rl };

/// Throws Error for the config of no command of ours.
RunKind kind_of(const RunDirectory& run);
/// "tengen fit".
std::string command_of(RunKind kind);
/// Throws Error that names both commands if the run is another one's.
void expect_kind(const RunDirectory& run, RunKind kind);

}  // namespace tengen::selfplay
