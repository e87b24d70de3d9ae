#include "tools/cli.hpp"

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "tools/commands.hpp"
#include "tools/machine.hpp"
#include "tools/options.hpp"
#include "tools/suggest.hpp"
#include "tools/version.hpp"

namespace tengen::tools {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  tengen train runs/c4 --game connect_four --minutes 10\n"
    "  tengen match net:runs/c4,sims=64 mcts:sims=640 --games 40\n"
    "  tengen gtp --net runs/c4\n"
    "`tengen COMMAND --help` shows the options and examples of a command.";

/// The subcommand that was chosen, the innermost one.
const CLI::App* chosen_command(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return command;
}

/// "tengen", "tengen train", "tengen net init".
std::string full_name(const CLI::App& app, const CLI::App* command) {
  std::string name;
  for (; command != &app && command; command = command->get_parent())
    name = " " + command->get_name() + name;
  return "tengen" + name;
}

std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* app = &command; app; app = app->get_parent())
    for (const CLI::Option* option : app->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* app : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(app->get_name());
  return names;
}

/// What is wrong with an argument that no option took.
std::string unknown_argument(const CLI::App& command, std::string argument) {
  const bool is_option = argument.size() > 1 && argument[0] == '-';
  argument = argument.substr(0, argument.find('='));
  const std::vector<std::string> commands = command_names(command);
  const auto meant = nearest(argument, is_option ? option_names(command) : commands);
  const char* kind = is_option ? "option" : commands.empty() ? "argument" : "command";
  return fmt::format("unexpected {} \"{}\"{}", kind, argument,
                     meant ? ", did you mean " + *meant + "?" : "");
}

std::string describe_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = *chosen_command(app);
  const std::vector<std::string> rest = app.remaining(true);
  std::string text;
  if (!rest.empty()) {
    text = unknown_argument(command, rest.front());
  } else if (dynamic_cast<const CLI::RequiredError*>(&error) && !command_names(command).empty()) {
    text = fmt::format("expected a command: {}", fmt::join(command_names(command), ", "));
  } else {
    text = one_line(error.what());
  }
  return text + "; see " + full_name(app, &command) + " --help";
}

void set_up_logging(bool verbose, bool quiet) {
  init_logging(quiet ? spdlog::level::err : verbose ? spdlog::level::debug : spdlog::level::info);
}

int fail(const CLI::App& app, const std::string& message, int code) {
  std::cerr << full_name(app, chosen_command(app)) << ": " << one_line(message) << "\n";
  return code;
}

/// `code`, if all results could be written.
int finish(const CLI::App& app, int code) {
  return std::cout.flush() ? code : fail(app, "stdout: cannot be written", 2);
}

std::string memory_text() {
  const double gib = read_machine().memory_gib;
  return fmt::format(
      "out of memory: expected what fits into {}; make the net, the batch, the "
      "replay or the cache smaller",
      gib > 0 ? fmt::format("this computer's {:.1f} GiB", gib) : "this computer");
}

void set_up(CLI::App& app, Action& action, bool& verbose, bool& quiet) {
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", std::string("tengen ") + kVersion, "print the version");
  app.set_help_flag("-h,--help", "print this help");
  app.add_flag("-v,--verbose", verbose, "log more");
  app.add_flag("-q,--quiet", quiet, "log errors only");
  app.footer(kFooter);
  Command root(app, action);
  add_train_command(root);
  add_fit_command(root);
  add_match_command(root);
  add_gtp_command(root);
  add_gtp_test_command(root);
  add_bench_command(root);
  add_net_command(root);
  add_rl_command(root);
  add_run_command(root);
  add_games_command(root);
  add_info_command(root);
}

}  // namespace

int run_tool(int argc, const char* const* argv) {
  CLI::App app{"Tengen learns board games by self-play and plays them.", "tengen"};
  Action action;
  bool verbose = false, quiet = false;
  set_up(app, action, verbose, quiet);
  try {
    app.parse(argc, argv);
    set_up_logging(verbose, quiet);
    return finish(app, action());
  } catch (const CLI::Success& help) {
    return finish(app, app.exit(help, std::cout, std::cerr));
  } catch (const CLI::ParseError& error) {
    return fail(app, describe_parse_error(app, error), 2);
  } catch (const std::invalid_argument& error) {
    return fail(app, error.what(), 2);
  } catch (const Error& error) {
    return fail(app, error.what(), 2);
  } catch (const std::bad_alloc&) {
    return fail(app, memory_text(), 2);
  } catch (const std::exception& error) {
    return fail(app, error.what(), 1);
  }
}

}  // namespace tengen::tools
