// Logging, on stderr only (stdout is for results and for GTP). Through spdlog, which makes it
// thread-safe. Libraries may log; only the tools set the level.
#pragma once

#include <spdlog/spdlog.h>

namespace tengen {

/// Sends every log line to stderr as "hh:mm:ss level message". Call once, from a tool's main.
void init_logging(spdlog::level::level_enum level = spdlog::level::info);

}  // namespace tengen
