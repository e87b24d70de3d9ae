// Commands and their options, each declared once: help, default, check and config key come from the
// one declaration. A thin face of CLI11, whose headers take longer to compile than everything else
// here and are therefore included in three files only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace tengen::tools {

/// What a chosen command does; returns the exit code and throws tengen::Error or
/// std::invalid_argument for what the user can correct.
using Action = std::function<int()>;

/// Where an option's value goes. Its value at the declaration is the default.
using Target = std::variant<int*, std::uint64_t*, double*, float*, bool*, std::string*,
                            std::vector<int>*, std::vector<std::string>*>;

/// A declared option; the calls add to the declaration and may be chained.
class Option {
 public:
  /// `whole`: its number is a whole one.
  explicit Option(CLI::Option* option, bool whole = false) : option_(option), whole_(whole) {}

  /// Bounds of a number, inclusive.
  Option& range(double low, double high);
  Option& required();
  /// The word for its value in help: "FILE".
  Option& type(const std::string& name);
  /// A heading in help under which it stands.
  Option& group(const std::string& name);
  /// A default to show that is not the target's value.
  Option& shown_default(const std::string& text);
  /// A list may be written with commas.
  Option& comma_list();
  /// Not a key of config files.
  Option& not_in_config();
  /// May not be given together with `other`.
  Option& excludes(const Option& other);
  /// Sets `flag` if the option is given.
  Option& marks(bool& flag);

 private:
  CLI::Option* option_;
  bool whole_;
};

class Command {
 public:
  /// `chosen` receives the action of the command that the user chose. Both outlive this object.
  Command(CLI::App& app, Action& chosen) : app_(&app), chosen_(&chosen) {}

  Command add_command(const std::string& name, const std::string& help, const std::string& footer);
  /// One of its subcommands must be chosen.
  void require_command();
  /// What to do if this command is chosen, and none of its subcommands.
  void action(Action action);
  /// The same; the command's own options and arguments mean nothing to its subcommands and are
  /// refused beside them.
  void action_alone(Action action);

  /// "--name", "-n,--name", or "NAME" for a positional one. A bool makes a flag.
  Option option(const std::string& name, Target target, const std::string& help);
  /// An option whose text is handed to `set`, in the order of declaration.
  Option option(const std::string& name, std::function<void(const std::string&)> set,
                const std::string& help);
  /// "--config FILE" (config_file.hpp), for the options declared after it.
  void config_option();

 private:
  CLI::App* app_;
  Action* chosen_;
};

}  // namespace tengen::tools
