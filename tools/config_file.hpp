// Config files: TOML with one "key = value" per option of a subcommand, keys being the long option
// names with - or _ between words. Read with CLI11's reader, so that every option is declared once.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace tengen::tools {

/// Adds "--config FILE" to `command`. Call it before the options that a file may set: values of the
/// command line win over those of the file. A missing file, an unknown key or a key given twice
/// throws Error with the file, the key and the nearest known one.
void add_config_option(CLI::App& command);

struct ConfigLine {
  std::string group, name, value, help;
  bool quoted = false;  // a string
};
/// A commented config file that add_config_option() reads back.
std::string write_config(const std::string& title, const std::vector<ConfigLine>& lines);

}  // namespace tengen::tools
