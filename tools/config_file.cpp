#include "tools/config_file.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/read_file.hpp"
#include "engine/base/utf8.hpp"
#include "tools/suggest.hpp"

namespace tengen::tools {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

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

/// The command that reads the keys below a section, which names one beside `reader`; null if none
/// does.
CLI::App* find_command(CLI::App& reader, const std::vector<std::string>& section) {
  if (section.empty()) return &reader;
  for (CLI::App* command : reader.get_parent()->get_subcommands({}))
    if (section == std::vector{command->get_name()} && command->get_option_no_throw("--config"))
      return command;
  return nullptr;
}

/// `command` is the one whose keys are known; null if there is none.
[[noreturn]] void unknown_key(CLI::App* command, const std::string& path,
                              const CLI::ConfigItem& item) {
  std::vector<std::string> known;
  if (command)
    for (const CLI::Option* option : command->get_options())
      if (option->get_configurable()) known.push_back(key_of(*option));
  const auto meant = nearest(item.name, known);
  throw Error(path, fmt::format("unknown key \"{}\"{}", item.fullname(),
                                meant ? ", did you mean \"" + *meant + "\"?" : ""));
}

/// Before anything of it is shown on a terminal.
void check_is_text(const std::string& path, const std::string& text) {
  const auto control = std::ranges::find_if(text, [](unsigned char c) {
    return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
  });
  const std::size_t at =
      std::min(valid_utf8(text), static_cast<std::size_t>(control - text.begin()));
  if (at < text.size()) throw Error(path, at, "expected a config file, a text in UTF-8");
}

std::vector<CLI::ConfigItem> read_items(const std::string& path) {
  // A file or a pipe, as of <(tengen train --print-config).
  std::string text = read_file(path, "a config file", kMostBytes);
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  check_is_text(path, text);
  std::istringstream lines(std::move(text));
  return CLI::ConfigTOML().from_config(lines);
}

/// Hands the options on in the order of their declaration, as CLI11 would right after this: here
/// what is wrong with those of the file can be told with its name.
void run_callbacks(CLI::App& command, const std::string& path,
                   const std::set<const CLI::Option*>& of_file) {
  for (CLI::Option* option : command.get_options()) {
    if (option->count() == 0 || option->get_callback_run()) continue;
    try {
      option->run_callback();
    } catch (const std::invalid_argument& error) {
      if (!of_file.contains(option)) throw;
      throw Error(path, error.what());
    } catch (const CLI::ParseError& error) {
      if (!of_file.contains(option)) throw;
      throw Error(path, error.what());
    }
  }
}

void apply_config(CLI::App& command, const std::string& path) {
  std::set<const CLI::Option*> seen, of_file;
  for (const CLI::ConfigItem& item : read_items(path)) {
    if (item.name == "++" || item.name == "--") continue;  // begin and end of a [section]
    CLI::App* owner = find_command(command, item.parents);
    CLI::Option* option = owner ? find_option(*owner, item.name) : nullptr;
    if (!option) unknown_key(owner, path, item);
    if (item.inputs.size() > 1 || !seen.insert(option).second)
      throw Error(path, fmt::format("key \"{}\": expected one value, got more; strings with commas "
                                    "or spaces need quotes, keys may not repeat",
                                    item.name));
    // Another command's, or given on the command line, which wins.
    if (owner != &command || option->count() > 0) continue;
    option->add_result(item.inputs);
    of_file.insert(option);
  }
  run_callbacks(command, path, of_file);
}

}  // namespace

void add_config_option(CLI::App& command) {
  command
      .add_option_function<std::string>(
          "--config", [&command](const std::string& path) { apply_config(command, path); },
          "read options from a TOML file, where keys below a [command] are for that command alone; "
          "the command line wins")
      ->type_name("FILE")
      ->configurable(false);
}

std::string write_config(const std::string& title, const std::vector<ConfigLine>& lines,
                         const std::string& section) {
  std::string text = "# " + title + "\n";
  if (!section.empty()) text += "[" + section + "]\n";
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
