#include "tools/config_file.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "engine/base/error.hpp"
#include "tools/suggest.hpp"

namespace tengen::tools {
namespace {

std::string key_of(const CLI::Option& option) {
  std::string key = option.get_name(false, false);
  key.erase(0, key.find_first_not_of('-'));
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

CLI::Option* find_option(CLI::App& command, std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  CLI::Option* option = command.get_option_no_throw("--" + key);
  return option && option->get_configurable() ? option : nullptr;
}

[[noreturn]] void unknown_key(CLI::App& command, const std::string& path, const std::string& key) {
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options())
    if (option->get_configurable()) known.push_back(key_of(*option));
  const auto meant = nearest(key, known);
  throw Error(path, fmt::format("unknown key \"{}\"{}", key,
                                meant ? ", did you mean \"" + *meant + "\"?" : ""));
}

std::vector<CLI::ConfigItem> read_items(const std::string& path) {
  // A directory would open, and read as an empty file.
  std::error_code ignored;
  std::ifstream file(path);
  if (!file || !std::filesystem::is_regular_file(path, ignored))
    throw Error(path, "cannot be read, expected a config file");
  std::vector<CLI::ConfigItem> items = CLI::ConfigTOML().from_config(file);
  if (file.bad()) throw Error(path, "reading failed");
  return items;
}

void apply_config(CLI::App& command, const std::string& path) {
  std::set<const CLI::Option*> seen;
  for (const CLI::ConfigItem& item : read_items(path)) {
    if (item.name == "++" || item.name == "--") continue;  // begin and end of a [section]
    CLI::Option* option = item.parents.empty() ? find_option(command, item.name) : nullptr;
    if (!option) unknown_key(command, path, item.fullname());
    if (item.inputs.size() > 1 || !seen.insert(option).second)
      throw Error(path, fmt::format("key \"{}\": expected one value, got more; strings with commas "
                                    "or spaces need quotes, keys may not repeat",
                                    item.name));
    // Callbacks run in the order of declaration: those of the other options come after this one.
    if (option->count() == 0) option->add_result(item.inputs);
  }
}

}  // namespace

void add_config_option(CLI::App& command) {
  command
      .add_option_function<std::string>(
          "--config", [&command](const std::string& path) { apply_config(command, path); },
          "read options from a TOML file; the command line wins")
      ->type_name("FILE")
      ->configurable(false);
}

std::string write_config(const std::string& title, const std::vector<ConfigLine>& lines) {
  std::string text = "# " + title + "\n";
  std::string group;
  for (const ConfigLine& line : lines) {
    if (line.group != group) text += "\n# ---- " + line.group + " ----\n";
    group = line.group;
    const std::string quote = line.quoted ? "\"" : "";
    text += "\n# " + line.help + "\n" + line.name + " = " + quote + line.value + quote + "\n";
  }
  return text;
}

}  // namespace tengen::tools
