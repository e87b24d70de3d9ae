#include "engine/base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace tengen {

void init_logging(spdlog::level::level_enum level) {
  auto logger = spdlog::get("tengen");
  if (!logger) logger = spdlog::stderr_color_mt("tengen");
  logger->set_pattern("%H:%M:%S %^%l%$ %v");
  logger->set_level(level);
  spdlog::set_default_logger(logger);
}

}  // namespace tengen
