#include "engine/base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>

#include <string>

#include "engine/base/terminal.hpp"

namespace tengen {

void init_logging(spdlog::level::level_enum level) {
  auto logger = spdlog::get("tengen");
  if (!logger) logger = spdlog::stderr_color_mt("tengen");
  const std::string clear = stderr_is_terminal() ? kClearLine : "";  // a progress line
  logger->set_pattern(clear + "%H:%M:%S %^%l%$ %v");
  logger->set_level(level);
  spdlog::set_default_logger(logger);
}

}  // namespace tengen
