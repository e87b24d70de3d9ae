#include "tools/options.hpp"

#include <CLI/CLI.hpp>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "engine/base/error.hpp"
#include "tools/config_file.hpp"

namespace tengen::tools {

namespace {

template <typename T>
constexpr bool kIsWhole = std::is_same_v<T, int> || std::is_same_v<T, std::uint64_t> ||
                          std::is_same_v<T, std::vector<int>>;

template <typename T>
constexpr const char* kNumber = "a number";
template <>
constexpr const char* kNumber<int> = "a whole number";
template <>
constexpr const char* kNumber<std::uint64_t> = "a whole number of at least 0";

/// What is wrong with a number that has no range; CLI11 itself would wrap negative ones.
template <typename T>
std::string check_number(const std::string& text) {
  T value = 0;
  const bool wraps = std::is_unsigned_v<T> && text.starts_with('-');
  if (!wraps && CLI::detail::lexical_cast(text, value)) return "";
  return fmt::format("expected {}, got {}", kNumber<T>, text);
}

template <typename T>
bool lies_within(const std::string& text, double low, double high) {
  T value = 0;
  return CLI::detail::lexical_cast(text, value) && static_cast<double>(value) >= low &&
         static_cast<double>(value) <= high;
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
  const auto check = [low, high, whole = whole_](std::string& text) -> std::string {
    const auto lies = whole ? lies_within<std::int64_t> : lies_within<double>;
    if (lies(text, low, high)) return "";
    return fmt::format("expected {} from {} to {}, got {}", whole ? kNumber<int> : kNumber<double>,
                       low, high, text);
  };
  // Before check_number(), which knows less. Without a description: help stays short.
  option_->transform(CLI::Validator(check, ""));
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
  const auto declare = [&](auto* value) {
    using T = std::remove_pointer_t<decltype(value)>;
    if constexpr (std::is_same_v<T, bool>) {
      return Option(app_->add_flag(name, *value, help));
    } else {
      CLI::Option* option = app_->add_option(name, *value, help)->capture_default_str();
      if constexpr (std::is_arithmetic_v<T>) option->check(CLI::Validator(check_number<T>, ""));
      return Option(option, kIsWhole<T>);
    }
  };
  return std::visit(declare, target);
}

Option Command::option(const std::string& name, std::function<void(const std::string&)> set,
                       const std::string& help) {
  return Option(app_->add_option_function<std::string>(name, set, help));
}

void Command::config_option() { add_config_option(*app_); }

}  // namespace tengen::tools
