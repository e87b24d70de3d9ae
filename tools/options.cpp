#include "tools/options.hpp"

#include <CLI/CLI.hpp>
#include <stdexcept>
#include <utility>

#include "engine/base/error.hpp"
#include "tools/config_file.hpp"

namespace tengen::tools {

namespace {

std::string check_not_negative(const std::string& text) {
  return text.starts_with('-') ? "expected a whole number of at least 0, got " + text : "";
}

/// Throws std::invalid_argument if one was given.
void refuse_options(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options())
    if (option->count() > 0)
      throw std::invalid_argument(fmt::format("{} does not go with the command {}",
                                              option->get_name(),
                                              app.get_subcommands().front()->get_name()));
}

}  // namespace

Option& Option::range(double low, double high) {
  const auto check = [low, high](std::string& text) -> std::string {
    double value = 0;
    if (CLI::detail::lexical_cast(text, value) && value >= low && value <= high) return "";
    return fmt::format("expected a number from {} to {}, got {}", low, high, text);
  };
  option_->check(CLI::Validator(check, ""));  // without a description: help stays short
  return *this;
}

Option& Option::required() {
  option_->required();
  option_->default_str("");  // there is none
  return *this;
}

Option& Option::type(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option& Option::group(const std::string& name) {
  option_->group(name);
  return *this;
}

Option& Option::shown_default(const std::string& text) {
  option_->default_str(text);
  return *this;
}

Option& Option::comma_list() {
  option_->delimiter(',');
  return *this;
}

Option& Option::not_in_config() {
  option_->configurable(false);
  return *this;
}

Option& Option::excludes(const Option& other) {
  option_->excludes(other.option_);
  return *this;
}

Option& Option::marks(bool& flag) {
  option_->each([&flag](const std::string&) { flag = true; });
  return *this;
}

Command Command::add_command(const std::string& name, const std::string& help,
                             const std::string& footer) {
  CLI::App* command = app_->add_subcommand(name, help);
  command->footer(footer);
  return {*command, *chosen_};
}

void Command::require_command() { app_->require_subcommand(1); }

void Command::action(Action action) {
  app_->callback([app = app_, chosen = chosen_, action = std::move(action)] {
    if (app->get_subcommands().empty()) *chosen = action;
  });
}

void Command::action_alone(Action action) {
  app_->callback([app = app_, chosen = chosen_, action = std::move(action)] {
    if (app->get_subcommands().empty())
      *chosen = action;
    else
      refuse_options(*app);
  });
}

Option Command::option(const std::string& name, Target target, const std::string& help) {
  const auto declare = [&](auto* value) -> CLI::Option* {
    if constexpr (std::is_same_v<decltype(value), bool*>)
      return app_->add_flag(name, *value, help);
    else if constexpr (std::is_same_v<decltype(value), std::uint64_t*>)
      return app_->add_option(name, *value, help)
          ->capture_default_str()
          ->check(CLI::Validator(check_not_negative, ""));  // CLI11 would wrap it
    else
      return app_->add_option(name, *value, help)->capture_default_str();
  };
  return Option(std::visit(declare, target));
}

Option Command::option(const std::string& name, std::function<void(const std::string&)> set,
                       const std::string& help) {
  return Option(app_->add_option_function<std::string>(name, set, help));
}

void Command::config_option() { add_config_option(*app_); }

}  // namespace tengen::tools
