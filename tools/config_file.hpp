// Config files: TOML with one "key = value" per option of a subcommand, keys being the long option
// names with - or _ between words. Read with CLI11's reader, so that every option is declared once.
//
// Keys above the first section are for whatever command reads the file; those below "[gtp]" for
// that command alone, so that several commands can share a file.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace tengen::tools {

/// Adds "--config FILE" to `command`, a subcommand. Call it before the options that a file may set:
/// values of the command line win over those of the file. A missing file, an unknown section, an
/// unknown key (in any section), a key given twice or a wrong value throws Error with the file, the
/// line, the key and the nearest known one.
void add_config_option(CLI::App& command);

struct ConfigLine {
  std::string group, name, value, help;
  bool quoted = false;  // a string
};
/// A commented config file that add_config_option() reads back; with a section, a part of one, for
/// that command alone.
std::string write_config(const std::string& title, const std::vector<ConfigLine>& lines,
                         const std::string& section = "");

}  // namespace tengen::tools
