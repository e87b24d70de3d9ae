#include "tools/config_options.hpp"

#include <algorithm>
#include <memory>

#include "engine/base/error.hpp"
#include "selfplay/run_directory.hpp"
#include "tools/config_file.hpp"

namespace tengen::tools {

namespace {

using selfplay::ConfigField;

std::string flag_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return "--" + name;
}

std::string type_of(const ConfigField& field) {
  if (std::holds_alternative<bool*>(field.value)) return "BOOL";
  if (std::holds_alternative<std::string*>(field.value)) return "TEXT";
  const bool real =
      std::holds_alternative<float*>(field.value) || std::holds_alternative<double*>(field.value);
  return real ? "NUMBER" : "INT";
}

}  // namespace

void add_run_options(Command& command, std::string& directory, bool& print_config,
                     std::function<void()> start_from_run) {
  const auto resume = std::make_shared<bool>(false);
  command.option("--resume", resume.get(), "only go on: DIR must be a run already").not_in_config();
  command
      .option(
          "DIR",
          [&directory, start_from_run, resume](const std::string& text) {
            if (*resume && !selfplay::RunDirectory::exists(text))
              throw Error(text, "expected a run to go on with (--resume), there is none");
            directory = text;
            start_from_run();
          },
          "the run directory; made if it does not exist")
      .type("")
      .not_in_config();
  command.config_option();
  command
      .option("--print-config", &print_config,
              "print the options as a commented config file and end")
      .not_in_config();
}

void add_config_fields(Command& command, const std::vector<ConfigField>& fields) {
  for (const ConfigField& field : fields)
    command
        .option(
            flag_of(field.name), [field](const std::string& text) { set_field(field, text); },
            field.help)
        .group(field.group)
        .type(type_of(field))
        .shown_default(field_to_string(field));
}

std::string config_text(const std::string& title, const std::vector<ConfigField>& fields) {
  std::vector<ConfigLine> lines;
  for (const ConfigField& field : fields)
    lines.push_back({field.group, field.name, field_to_string(field), field.help,
                     std::holds_alternative<std::string*>(field.value)});
  return write_config(title, lines);
}

}  // namespace tengen::tools
