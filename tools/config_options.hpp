// A table of config fields as options of a command and as a config file.
#pragma once

#include <string>
#include <vector>

#include "selfplay/config_field.hpp"
#include "tools/options.hpp"

namespace tengen::tools {

/// Declares "--learning-rate NUMBER" for a field "learning_rate", and so on, under the fields'
/// groups. What the fields point to must outlive the command.
void add_config_fields(Command& command, const std::vector<selfplay::ConfigField>& fields);

/// The present values as a commented config file that "--config" reads back.
std::string config_text(const std::string& title, const std::vector<selfplay::ConfigField>& fields);

}  // namespace tengen::tools
