// A table of config fields as options of a command and as a config file.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "selfplay/config_field.hpp"
#include "tools/options.hpp"

namespace tengen::tools {

/// The run directory of a command that makes runs, "--resume" (which refuses to make one),
/// "--config FILE" and "--print-config". Values are set in this order: the run's own, by
/// `start_from_run` when DIR is read, then the file's, then the command line's; so this comes
/// before the fields.
void add_run_options(Command& command, std::string& directory, bool& print_config,
                     std::function<void()> start_from_run);

/// Declares "--learning-rate NUMBER" for a field "learning_rate", and so on, under the fields'
/// groups. What the fields point to must outlive the command.
void add_config_fields(Command& command, const std::vector<selfplay::ConfigField>& fields);

/// The present values as a commented config file that "--config" reads back.
std::string config_text(const std::string& title, const std::vector<selfplay::ConfigField>& fields);

}  // namespace tengen::tools
