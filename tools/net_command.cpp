// tengen net: look at nets and make untrained ones.
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
#include "tools/options.hpp"
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

void add_describe(Command& net) {
  Command command = net.add_command("describe", "print layers, parameters, multiply-adds", kFooter);
  const auto options = std::make_shared<NetOptions>();
  command.option("NET", &options->net, "a net like resnet:blocks=6,channels=96, a file or a run")
      .type("");
  command.option("--game", &options->game, "the game it plays; see tengen games").type("GAME");
  command.action([options] { return describe(*options); });
}

void add_init(Command& net) {
  Command command = net.add_command("init", "write an untrained net for a game", kFooter);
  const auto options = std::make_shared<NetOptions>();
  command.option("--game", &options->game, "the game it plays; see tengen games").type("GAME");
  command.option("--net", &options->net, "its architecture").type("NET");
  command.option("--seed", &options->seed, "of the weights");
  command.option("-o,--output", &options->output, "the file").required().type("FILE");
  command.option("--force", &options->force, "replace an existing file");
  command.action([options] { return init(*options); });
}

}  // namespace

void add_net_command(Command& root) {
  Command net = root.add_command("net", "look at nets and make untrained ones", kFooter);
  net.require_command();
  add_describe(net);
  add_init(net);
}

}  // namespace tengen::tools
