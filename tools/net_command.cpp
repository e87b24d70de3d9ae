// tengen net: look at nets and make untrained ones.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "nets/checkpoint.hpp"
#include "nets/policy_value_net.hpp"
#include "selfplay/players/net_player.hpp"
#include "tools/commands.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  tengen net describe resnet:blocks=6,channels=96 --game go:size=9\n"
    "  tengen net describe runs/c4\n"
    "  tengen net init -o untrained.safetensors --game connect_four --net mlp:layers=2,hidden=64";

struct NetOptions {
  std::string net = "resnet:blocks=4,channels=64";
  std::string game = "connect_four";
  std::string output;
  std::uint64_t seed = 1;
  bool force = false;
};

nets::NetIo io_of(const envs::Game& game) {
  const envs::ObservationShape shape = game.observation_shape();
  return {shape.height, shape.width, shape.channels, game.num_actions()};
}

int describe_file(const std::string& path) {
  const nets::LoadedNet loaded = nets::load_net_file(selfplay::resolve_net_path(path).string());
  TextTable table({"<", "<"});
  for (const auto& [key, value] : loaded.metadata) table.add({key, value});
  std::cout << table.to_string() << "\n" << nets::describe(*loaded.net);
  return 0;
}

int describe(const NetOptions& options) {
  if (std::filesystem::exists(options.net)) return describe_file(options.net);
  const auto game = envs::make_game(options.game);
  Rng rng(options.seed);
  const auto net = nets::make_net(options.net, io_of(*game), rng);
  std::cout << nets::canonical_net_spec(options.net) << " for " << game->spec() << "\n\n"
            << nets::describe(*net);
  return 0;
}

int init(const NetOptions& options) {
  if (std::filesystem::exists(options.output) && !options.force)
    throw Error(options.output, "exists already; --force replaces it");
  const auto game = envs::make_game(options.game);
  Rng rng(options.seed);
  const auto net = nets::make_net(options.net, io_of(*game), rng);
  nets::save_net(options.output, *net, {{"game", game->spec()}});
  std::cout << options.output << ": untrained " << nets::canonical_net_spec(options.net) << " for "
            << game->spec() << ", " << net->num_parameters() << " parameters\n";
  return 0;
}

void add_game_option(CLI::App& command, NetOptions& options) {
  command.add_option("--game", options.game, "the game it plays; see tengen games")
      ->capture_default_str()
      ->type_name("GAME");
}

void add_describe(CLI::App& net, Action& action) {
  CLI::App* command = net.add_subcommand("describe", "print layers, parameters, multiply-adds");
  command->footer(kFooter);
  const auto options = std::make_shared<NetOptions>();
  command
      ->add_option("NET", options->net, "a net like resnet:blocks=6,channels=96, a file or a run")
      ->capture_default_str()
      ->type_name("");
  add_game_option(*command, *options);
  command->callback([options, &action] { action = [options] { return describe(*options); }; });
}

void add_init(CLI::App& net, Action& action) {
  CLI::App* command = net.add_subcommand("init", "write an untrained net for a game");
  command->footer(kFooter);
  const auto options = std::make_shared<NetOptions>();
  add_game_option(*command, *options);
  command->add_option("--net", options->net, "its architecture")
      ->capture_default_str()
      ->type_name("NET");
  command->add_option("--seed", options->seed, "of the weights")->capture_default_str();
  command->add_option("-o,--output", options->output, "the file")->required()->type_name("FILE");
  command->add_flag("--force", options->force, "replace an existing file");
  command->callback([options, &action] { action = [options] { return init(*options); }; });
}

}  // namespace

void add_net_command(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("net", "look at nets and make untrained ones");
  command->require_subcommand(1);
  command->footer(kFooter);
  add_describe(*command, action);
  add_init(*command, action);
}

}  // namespace tengen::tools
