#include "tools/config_file.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
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

/// A key and its value, with the place for messages: "fast.toml: line 3".
struct FileItem {
  CLI::ConfigItem item;
  std::string place;
};

/// `command` is the one whose keys are known; null if there is none.
[[noreturn]] void unknown_key(CLI::App* command, const FileItem& of_file) {
  const auto& [item, place] = of_file;
  std::vector<std::string> known;
  if (command)
    for (const CLI::Option* option : command->get_options())
      if (option->get_configurable()) known.push_back(key_of(*option));
  const auto meant = nearest(item.name, known);
  throw Error(place, fmt::format("unknown key \"{}\"{}", item.fullname(),
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

/// What one line says below the line that names its section. CLI11's reader of whole files forgets
/// where it read what; the values that it would join from several lines are none of ours.
std::vector<CLI::ConfigItem> read_line(const std::string& section, const std::string& line) {
  std::istringstream lines(section + "\n" + line);
  std::vector<CLI::ConfigItem> items = CLI::ConfigTOML().from_config(lines);
  std::erase_if(items, [](const CLI::ConfigItem& item) {
    return item.name == "++" || item.name == "--";  // begin and end of the section
  });
  return items;
}

std::vector<FileItem> read_items(const std::string& path) {
  // A file or a pipe, as of <(tengen train --print-config).
  std::string text = read_file(path, "a config file", kMostBytes);
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  check_is_text(path, text);
  std::istringstream lines(std::move(text));
  std::vector<FileItem> items;
  std::string section, line;
  for (int number = 1; std::getline(lines, line); ++number) {
    CLI::detail::trim(line);
    if (line.starts_with('[') && line.ends_with(']')) section = line;
    for (CLI::ConfigItem& item : read_line(section, line))
      items.push_back({std::move(item), fmt::format("{}: line {}", path, number)});
  }
  return items;
}

/// Where each option of the file stands there.
using Places = std::map<const CLI::Option*, std::string>;

/// Hands the options on in the order of their declaration, as CLI11 would right after this: here
/// what is wrong with those of the file can be told with its place.
void run_callbacks(CLI::App& command, const Places& of_file) {
  for (CLI::Option* option : command.get_options()) {
    if (option->count() == 0 || option->get_callback_run()) continue;
    try {
      option->run_callback();
    } catch (const std::invalid_argument& error) {
      if (!of_file.contains(option)) throw;
      throw Error(of_file.at(option), error.what());
    } catch (const CLI::ParseError& error) {
      if (!of_file.contains(option)) throw;
      throw Error(of_file.at(option), error.what());
    }
  }
}

void apply_config(CLI::App& command, const std::string& path) {
  std::set<const CLI::Option*> seen;
  Places of_file;
  for (const FileItem& file_item : read_items(path)) {
    const auto& [item, place] = file_item;
    CLI::App* owner = find_command(command, item.parents);
    CLI::Option* option = owner ? find_option(*owner, item.name) : nullptr;
    if (!option) unknown_key(owner, file_item);
    if (item.inputs.size() > 1 || !seen.insert(option).second)
      throw Error(place,
                  fmt::format("key \"{}\": expected one value, got more; strings with commas "
                              "or spaces need quotes, keys may not repeat",
                              item.name));
    // Another command's, or given on the command line, which wins.
    if (owner != &command || option->count() > 0) continue;
    option->add_result(item.inputs);
    of_file[option] = place;
  }
  run_callbacks(command, of_file);
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
