// tengen net: look at nets, make untrained ones, and carry them from and to other programs.
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <limits>
#include <memory>
#include <string>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/tensor/storage.hpp"
#include "envs/registry.hpp"
#include "nets/checkpoint.hpp"
#include "nets/classifier.hpp"
#include "nets/foreign/leela_zero.hpp"
#include "nets/foreign/onnx.hpp"
#include "nets/policy_value_net.hpp"
#include "selfplay/players/net_player.hpp"
#include "tools/commands.hpp"
#include "tools/machine.hpp"
#include "tools/options.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  tengen net describe resnet:blocks=6,channels=96 --game go:size=9\n"
    "  tengen net describe runs/c4\n"
    "  tengen net describe deep_cnn --images 28x28x1 --classes 10\n"
    "  tengen net describe mlp:hidden=50-100,activation=gelu --images 28x28x1\n"
    "  tengen net describe resnet:norm=group,activation=silu --game go:size=9\n"
    "  tengen net init -o untrained.safetensors --game connect_four --net mlp:layers=2,hidden=64\n"
    "  tengen net export runs/go19 -o go19.txt.gz\n"
    "Nets for games: resnet, mobile, densenet, mlp; for images also lenet, cnn, deep_cnn,\n"
    "alexnet. Options: of all but mobile and densenet\n"
    "  activation=relu|leaky_relu|prelu|rrelu|tanh|sigmoid|gelu|silu|none, of mlp also maxout\n"
    "of resnet norm=batch|group|layer|instance|none; of mlp hidden=50-100, dropout,\n"
    "drop_connect; of all init=he|xavier|lecun|orthogonal|normal|zero with init_scale. For Go,\n"
    "of all but mlp: ownership=true, a head that learns who will own each point (KataGo's).";

constexpr const char* kExportFooter =
    "The ending of the file names the format:\n"
    "  .txt, .txt.gz   Leela Zero's text weights, for nets with its 18 planes and heads, such as\n"
    "                  resnet:blocks=6,channels=96 for go:size=19,features=leela\n"
    "  .onnx           ONNX, opset 11, any net: observations [N, H, W, C] to policy_logits and "
    "value\n"
    "Either leaves out an ownership head.\n"
    "Examples:\n"
    "  tengen net export runs/go19 -o go19.txt.gz\n"
    "  tengen net export runs/c4 -o c4.onnx";

constexpr const char* kImportFooter =
    "Reads Leela Zero's text weights, plain or compressed, versions 1 and 2. Every command that "
    "takes\n"
    "a net takes such a file as it is, too.\n"
    "Examples:\n"
    "  tengen net import leela.txt.gz -o leela.safetensors";

struct NetOptions {
  std::string net = "resnet:blocks=4,channels=64";
  std::string game = "connect_four";
  std::string images;  // "28x28x1": a classifier of such images
  int classes = 10;
  std::string output;
  std::uint64_t seed = 1;
  bool force = false;
};

nets::NetIo io_of(const envs::Game& game) {
  const envs::ObservationShape shape = game.observation_shape();
  return {shape.height, shape.width, shape.channels, game.num_actions()};
}

std::string metadata_text(const nets::Metadata& metadata) {
  TextTable table({"<", "<"});
  for (const auto& [key, value] : metadata) table.add({key, value});
  return table.to_string() + "\n";
}

/// What a net of tengen fit is made of: it plays no game, and its layers follow from its task.
std::string tensors_text(const io::Safetensors& file) {
  TextTable table({"<tensor", "<shape", "numbers"});
  std::int64_t numbers = 0;
  for (const auto& [name, tensor] : file.tensors) {
    table.add({name, to_string(tensor.shape()), std::to_string(tensor.size())});
    numbers += tensor.size();
  }
  return table.to_string() + fmt::format("{} numbers\n", numbers);
}

int describe_file(const std::string& path) {
  const std::string file = selfplay::resolve_net_path(path).string();
  if (file.ends_with(".safetensors")) {
    const io::Safetensors content = io::load_safetensors(file);
    if (content.metadata.contains("task")) {
      std::cout << metadata_text(content.metadata) << tensors_text(content);
      return 0;
    }
  }
  const nets::LoadedNet loaded = nets::load_net_file(file);
  std::cout << metadata_text(loaded.metadata) << nets::describe(*loaded.net);
  return 0;
}

void refuse_existing(const NetOptions& options) {
  if (std::filesystem::exists(options.output) && !options.force)
    throw Error(options.output, "exists already; --force replaces it");
}

int export_net(const NetOptions& options) {
  const std::string& output = options.output;
  const bool onnx = output.ends_with(".onnx");
  if (!onnx && !output.ends_with(".txt") && !output.ends_with(".txt.gz"))
    throw Error(output, "expected a name that ends in .txt, .txt.gz (Leela Zero) or .onnx");
  refuse_existing(options);
  const nets::LoadedNet loaded =
      nets::load_net_file(selfplay::resolve_net_path(options.net).string());
  if (onnx)
    nets::save_onnx(output, *loaded.net, loaded.metadata);
  else
    nets::save_leela_zero(output, *loaded.net);
  std::cout << output << ": " << loaded.net->spec() << "\n";
  if (loaded.net->has_ownership())
    std::cout << "without its ownership head, which this format leaves out\n";
  return 0;
}

int import_net(const NetOptions& options) {
  refuse_existing(options);
  nets::LoadedNet loaded = nets::load_net_file(options.net);
  for (const auto& [key, value] : nets::net_metadata(*loaded.net)) loaded.metadata.erase(key);
  nets::save_net(options.output, *loaded.net, loaded.metadata);
  std::cout << options.output << ": " << loaded.net->spec() << " for " << loaded.metadata["game"]
            << "\n";
  return 0;
}

std::unique_ptr<nets::PolicyValueNet> make_untrained(const NetOptions& options,
                                                     const envs::Game& game) {
  Rng rng(options.seed);
  return nets::make_net(options.net, io_of(game), rng);
}

/// Before the memory is filled: the size may be a typing error.
void check_fits_memory(const NetOptions& options, const envs::Game& game) {
  constexpr double kShare = 0.5;  // of the memory: what is drawn for weights counts beside them
  constexpr double kGib = 1 << 30;
  const ShapesOnly no_numbers;
  const auto parameters = static_cast<double>(make_untrained(options, game)->num_parameters());
  const double needed = parameters * sizeof(float) / kGib, memory = read_machine().memory_gib;
  if (memory > 0 && needed > kShare * memory)
    bad_argument("net",
                 "expected a net whose weights take at most {:.1f} GiB ({:g} of this computer's "
                 "memory), those of {} take {:.1f} GiB",
                 kShare * memory, kShare, options.net, needed);
}

int describe_classifier(const NetOptions& options) {
  nets::ClassifierIo io{.classes = options.classes};
  char rest = 0;
  if (std::sscanf(options.images.c_str(), "%dx%dx%d%c", &io.height, &io.width, &io.channels,
                  &rest) != 3)
    bad_argument("net", "expected images as HEIGHTxWIDTHxCHANNELS, got \"{}\"", options.images);
  constexpr double kMostNumbers = std::numeric_limits<int>::max();
  if (io.height < 1 || io.width < 1 || io.channels < 1 ||
      1.0 * io.height * io.width * io.channels > kMostNumbers)
    bad_argument("net", "expected images of 1 to {:.0f} numbers, got {}", kMostNumbers,
                 options.images);
  const ShapesOnly no_numbers;
  Rng rng(options.seed);
  std::cout << nets::describe(*nets::make_classifier(options.net, io, rng));
  return 0;
}

/// The sizes of a net that plays no game follow from something else.
void refuse_without_game(const std::string& net) {
  const std::string name = Spec(net).name();
  for (const char* classifier : {"lenet", "cnn", "deep_cnn", "alexnet"})
    if (name == classifier)
      bad_argument("net", "{} plays no game, it classifies images: expected --images HxWxC", name);
  for (const char* sequential : {"rnn", "lstm", "gru", "transformer", "wavenet"})
    if (name == sequential)
      bad_argument("net",
                   "{} plays no game, and its sizes follow from its task: expected its run, as in "
                   "tengen net describe runs/dates",
                   name);
}

int describe(const NetOptions& options) {
  if (!options.images.empty()) return describe_classifier(options);
  if (std::filesystem::exists(options.net)) return describe_file(options.net);
  refuse_without_game(options.net);
  const auto game = envs::make_game(options.game);
  const ShapesOnly no_numbers;
  const auto net = make_untrained(options, *game);
  std::cout << nets::canonical_net_spec(options.net) << " for " << game->spec() << "\n\n"
            << nets::describe(*net);
  return 0;
}

int init(const NetOptions& options) {
  refuse_existing(options);
  const auto game = envs::make_game(options.game);
  check_fits_memory(options, *game);
  const auto net = make_untrained(options, *game);
  nets::save_net(options.output, *net, {{"game", game->spec()}});
  std::cout << options.output << ": untrained " << nets::canonical_net_spec(options.net) << " for "
            << game->spec() << ", " << net->num_parameters() << " parameters\n";
  return 0;
}

void add_describe(Command& net) {
  Command command = net.add_command("describe", "print layers, parameters, multiply-adds", kFooter);
  const auto options = std::make_shared<NetOptions>();
  command
      .option("NET", &options->net,
              "a net like resnet:blocks=6,channels=96, a file or a run, also of tengen fit")
      .type("");
  command.option("--game", &options->game, "the game it plays; see tengen games").type("GAME");
  command.option("--images", &options->images, "describe a classifier of images of this size")
      .type("HxWxC");
  command.option("--classes", &options->classes, "of that classifier").range(1, 65536);
  command.action([options] { return describe(*options); });
}

void add_output(Command& command, const std::shared_ptr<NetOptions>& options) {
  command.option("-o,--output", &options->output, "the file").required().type("FILE");
  command.option("--force", &options->force, "replace an existing file");
}

void add_export(Command& net) {
  Command command =
      net.add_command("export", "write a net in another program's format", kExportFooter);
  const auto options = std::make_shared<NetOptions>();
  command.option("NET", &options->net, "a net file or a run directory").required().type("");
  add_output(command, options);
  command.action([options] { return export_net(*options); });
}

void add_import(Command& net) {
  Command command =
      net.add_command("import", "make a net file of another program's weights", kImportFooter);
  const auto options = std::make_shared<NetOptions>();
  command.option("FILE", &options->net, "the other program's file").required().type("");
  add_output(command, options);
  command.action([options] { return import_net(*options); });
}

void add_init(Command& net) {
  Command command = net.add_command("init", "write an untrained net for a game", kFooter);
  const auto options = std::make_shared<NetOptions>();
  command.option("--game", &options->game, "the game it plays; see tengen games").type("GAME");
  command.option("--net", &options->net, "its architecture").type("NET");
  command.option("--seed", &options->seed, "of the weights");
  add_output(command, options);
  command.action([options] { return init(*options); });
}

}  // namespace

void add_net_command(Command& root) {
  Command net = root.add_command("net", "look at nets, make, export and import them", kFooter);
  net.require_command();
  add_describe(net);
  add_init(net);
  add_export(net);
  add_import(net);
}

}  // namespace tengen::tools
