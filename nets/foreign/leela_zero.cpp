#include "nets/foreign/leela_zero.hpp"

#include <charconv>
#include <cmath>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "engine/io/text_lines.hpp"
#include "nets/alpha_zero_net.hpp"
#include "nets/trunk.hpp"

namespace tengen::nets {

namespace {

constexpr int kPlanes = 18;
constexpr int kBlackToMovePlane = 16;
constexpr int kPolicyPlanes = 2, kValuePlanes = 1, kValueHidden = 256;
constexpr double kEpsilon = 1e-5;
/// Lines before the blocks (version, stem), of a block, and behind the blocks.
constexpr std::size_t kHeadLines = 5, kBlockLines = 8, kTailLines = 14;

// Where a tensor's numbers stand in the file ------------------------------------------------------

/// Entry i: the index in Tengen's tensor of the file's number i.
using Order = std::vector<std::size_t>;

Order identity(std::size_t size) {
  Order order(size);
  for (std::size_t i = 0; i < size; ++i) order[i] = i;
  return order;
}

/// [out, in, y, x] in [out, y, x, in], y turned around.
Order convolution_order(const Shape& shape) {
  const auto out = std::size_t(shape[0]), kernel = std::size_t(shape[1]),
             in = std::size_t(shape[3]);
  Order order;
  for (std::size_t o = 0; o < out; ++o)
    for (std::size_t i = 0; i < in; ++i)
      for (std::size_t y = 0; y < kernel; ++y)
        for (std::size_t x = 0; x < kernel; ++x)
          order.push_back(((o * kernel + kernel - 1 - y) * kernel + x) * in + i);
  return order;
}

/// [plane, y, x] in [y, x, plane], y turned around.
Order planes_order(std::size_t size, std::size_t planes) {
  Order order;
  for (std::size_t plane = 0; plane < planes; ++plane)
    for (std::size_t y = 0; y < size; ++y)
      for (std::size_t x = 0; x < size; ++x)
        order.push_back(((size - 1 - y) * size + x) * planes + plane);
  return order;
}

/// The points and the pass.
Order actions_order(std::size_t size) {
  Order order = planes_order(size, 1);
  order.push_back(size * size);
  return order;
}

/// Of a matrix [out, in] from those of its sides.
Order matrix_order(const Order& out, const Order& in) {
  Order order;
  for (const std::size_t o : out)
    for (const std::size_t i : in) order.push_back(o * in.size() + i);
  return order;
}

// The layers in the file's order ------------------------------------------------------------------

/// Calls convolution(CONV, NORM) and linear(NAME, order of its outputs, order of its inputs) for
/// every layer of a net of that many blocks.
template <typename Visitor>
void visit_layers(int blocks, int board_size, Visitor&& visitor) {
  const auto size = static_cast<std::size_t>(board_size);
  visitor.convolution("trunk.stem.conv", "trunk.stem.norm");
  for (int block = 0; block < blocks; ++block)
    for (const char* which : {"1", "2"})
      visitor.convolution(fmt::format("trunk.{}.conv{}", block, which),
                          fmt::format("trunk.{}.norm{}", block, which));
  visitor.convolution("policy.conv", "policy.norm");
  visitor.linear("policy.linear", actions_order(size), planes_order(size, kPolicyPlanes));
  visitor.convolution("value.conv", "value.norm");
  visitor.linear("value.linear1", identity(kValueHidden), planes_order(size, kValuePlanes));
  visitor.linear("value.linear2", identity(1), identity(kValueHidden));
}

/// The tensors of a net by name; writing to them writes to the net.
class Tensors {
 public:
  explicit Tensors(const PolicyValueNet& net) {
    for (const NamedParameter& parameter : net.parameters())
      tensors_.emplace(parameter.name, parameter.variable.value());
    for (const NamedBuffer& buffer : net.buffers()) tensors_.emplace(buffer.name, buffer.tensor);
  }
  Tensor& operator[](const std::string& name) { return tensors_.at(name); }
  std::span<float> values(const std::string& name) { return tensors_.at(name).values<float>(); }

 private:
  std::map<std::string, Tensor> tensors_;
};

double deviation(float variance) { return std::sqrt(double(variance) + kEpsilon); }

// Writing -----------------------------------------------------------------------------------------

class Writer {
 public:
  Writer(const PolicyValueNet& net, const io::LineSink& sink) : tensors_(net), sink_(sink) {}

  void convolution(const std::string& conv, const std::string& norm) {
    const std::span<const float> weight = tensors_.values(conv + ".weight");
    const std::span<const float> gamma = tensors_.values(norm + ".gamma");
    const std::span<const float> beta = tensors_.values(norm + ".beta");
    const std::span<const float> mean = tensors_.values(norm + ".running_mean");
    const std::span<const float> variance = tensors_.values(norm + ".running_variance");
    const std::size_t per_output = weight.size() / gamma.size();
    for (const std::size_t i : convolution_order(tensors_[conv + ".weight"].shape()))
      add(weight[i] * gamma[i / per_output]);
    end_line();
    for (std::size_t c = 0; c < beta.size(); ++c) add(beta[c] * deviation(variance[c]));
    end_line();
    for (std::size_t c = 0; c < mean.size(); ++c) add(mean[c] * gamma[c]);
    end_line();
    for (const float v : variance) add(v);
    end_line();
  }

  void linear(const std::string& name, const Order& outputs, const Order& inputs) {
    for (const std::size_t i : matrix_order(outputs, inputs))
      add(tensors_.values(name + ".weight")[i]);
    end_line();
    for (const std::size_t i : outputs) add(tensors_.values(name + ".bias")[i]);
    end_line();
  }

 private:
  void add(double value) {
    if (!line_.empty()) line_ += ' ';
    fmt::format_to(std::back_inserter(line_), "{:.9g}", value);
  }
  void end_line() {
    sink_(line_);
    line_.clear();
  }

  Tensors tensors_;
  const io::LineSink& sink_;
  std::string line_;
};

/// What of a net the format leaves open.
struct Form {
  int blocks;
  bool first_player_value;  // version 2
};

/// Throws unless the format can hold the net.
Form checked_form(const PolicyValueNet& net) {
  const auto refuse = [&net](const std::string& expected) {
    bad_argument("leela_zero", "expected {}, got {} on {}x{}x{} with {} actions", expected,
                 net.spec(), net.io().height, net.io().width, net.io().channels, net.io().actions);
  };
  Spec spec(net.spec());
  if (spec.name() != "resnet") refuse("a resnet");
  const AlphaZeroOptions options = parse_alpha_zero(spec);
  Spec body(options.body.spec);
  const TrunkOptions trunk = parse_trunk(body);
  if (trunk.form != BlockForm::basic || trunk.stages != 1 || trunk.widen != 1 ||
      trunk.style != BodyStyle{} || options.policy_channels != kPolicyPlanes ||
      options.value_channels != kValuePlanes || options.value_hidden != kValueHidden)
    refuse(
        "block=basic, batch norm, ReLU, policy_channels=2, value_channels=1 and value_hidden=256");
  const NetIo& io = net.io();
  if (io.channels != kPlanes || io.height != io.width || io.actions != io.height * io.width + 1)
    refuse("a net for square Go with Leela Zero's 18 planes (go:size=19,features=leela)");
  if (options.first_player_plane >= 0 && options.first_player_plane != kBlackToMovePlane)
    refuse("no first_player_plane but 16");
  return {trunk.blocks, options.first_player_plane >= 0};
}

// Reading -----------------------------------------------------------------------------------------

/// The file as numbers, line by line; lines[0] is line 1.
struct Numbers {
  std::string path;
  std::vector<std::vector<double>> lines;

  [[noreturn]] void fail(std::size_t line, const std::string& message) const {
    throw Error(path, fmt::format("line {}: {}", line + 1, message));
  }
};

Numbers read_numbers(const std::string& path) {
  Numbers numbers{path, {}};
  io::TextLines file(path);
  for (std::string line; file.next(line);) {
    std::vector<double> values;
    const char *at = line.data(), *const end = at + line.size();
    while (true) {
      while (at != end && (*at == ' ' || *at == '\t')) ++at;
      if (at == end) break;
      double value = 0;
      const auto [next, error] = std::from_chars(at, end, value);
      if (error != std::errc() || !std::isfinite(value) ||
          (next != end && *next != ' ' && *next != '\t'))
        numbers.fail(numbers.lines.size(),
                     fmt::format("expected a number as number {}", values.size() + 1));
      values.push_back(value);
      at = next;
    }
    numbers.lines.push_back(std::move(values));
  }
  while (!numbers.lines.empty() && numbers.lines.back().empty()) numbers.lines.pop_back();
  return numbers;
}

class Reader {
 public:
  Reader(const Numbers& numbers, const PolicyValueNet& net) : numbers_(numbers), tensors_(net) {}

  void convolution(const std::string& conv, const std::string& norm) {
    fill(conv + ".weight", convolution_order(tensors_[conv + ".weight"].shape()));
    const std::vector<double>& bias = next_line(tensors_.values(norm + ".beta").size());
    fill(norm + ".running_mean", identity(bias.size()));
    fill(norm + ".running_variance", identity(bias.size()));
    const std::span<const float> variance = tensors_.values(norm + ".running_variance");
    for (std::size_t c = 0; c < bias.size(); ++c) {
      if (variance[c] < 0) numbers_.fail(line_ - 1, "expected variances, got a negative number");
      tensors_.values(norm + ".gamma")[c] = 1;
      tensors_.values(norm + ".beta")[c] = float(bias[c] / deviation(variance[c]));
    }
  }

  void linear(const std::string& name, const Order& outputs, const Order& inputs) {
    fill(name + ".weight", matrix_order(outputs, inputs));
    fill(name + ".bias", outputs);
  }

 private:
  const std::vector<double>& next_line(std::size_t size) {
    const std::vector<double>& line = numbers_.lines[line_];
    if (line.size() != size)
      numbers_.fail(line_, fmt::format("expected {} numbers, got {}", size, line.size()));
    ++line_;
    return line;
  }
  void fill(const std::string& name, const Order& order) {
    const std::span<float> values = tensors_.values(name);
    const std::vector<double>& line = next_line(values.size());
    for (std::size_t i = 0; i < line.size(); ++i) values[order[i]] = float(line[i]);
  }

  const Numbers& numbers_;
  Tensors tensors_;
  std::size_t line_ = 1;  // the next one
};

/// The net's size, found from lengths of lines; the reader then checks them all.
struct Layout {
  int version, blocks, channels, board_size;
};

Layout layout_of(const Numbers& numbers) {
  const auto& lines = numbers.lines;
  const std::size_t fixed = kHeadLines + kTailLines;
  if (lines.size() < fixed + kBlockLines || (lines.size() - fixed) % kBlockLines != 0)
    throw Error(numbers.path, fmt::format("expected {} lines and {} for each block, got {}: the "
                                          "file is cut off or of another net than Leela Zero's",
                                          fixed, kBlockLines, lines.size()));
  const std::size_t channels = lines[2].size();
  if (channels == 0 || lines[1].size() != channels * kPlanes * 9)
    numbers.fail(1, fmt::format("expected a 3x3 convolution of {} planes, got {} numbers", kPlanes,
                                lines[1].size()));
  const std::size_t policy_bias = lines.size() - 9;
  const std::size_t actions = lines[policy_bias].size();
  const auto size = static_cast<std::size_t>(std::lround(std::sqrt(double(actions))));
  if (size < 2 || actions != size * size + 1)
    numbers.fail(policy_bias, fmt::format("expected a number for each point of a square board and "
                                          "the pass, got {} numbers",
                                          actions));
  return {int(lines[0][0]), int((lines.size() - fixed) / kBlockLines), int(channels), int(size)};
}

}  // namespace

std::string leela_zero_game(int size) {
  return fmt::format(
      "go:size={},komi=7.5,ko=positional,suicide=false,handicap_bonus=false,"
      "max_plies={},features=leela",
      size, 3 * size * size);
}

bool is_leela_zero_file(const std::string& path) {
  const std::string head = io::inflated_head(path, 16);
  const std::size_t end = head.find('\n');
  if (end == std::string::npos) return false;
  const std::string line = head.substr(0, head.find_last_not_of(" \t\r", end - 1) + 1);
  return line == "1" || line == "2";
}

LoadedNet load_leela_zero(const std::string& path) {
  if (!is_leela_zero_file(path))
    throw Error(path, "expected Leela Zero's version, 1 or 2, as the first line");
  const Numbers numbers = read_numbers(path);
  const Layout layout = layout_of(numbers);
  const std::string spec =
      fmt::format(
          "resnet:blocks={},channels={},policy_channels={},value_channels={},value_hidden={}",
          layout.blocks, layout.channels, kPolicyPlanes, kValuePlanes, kValueHidden) +
      (layout.version == 2 ? fmt::format(",first_player_plane={}", kBlackToMovePlane) : "");
  const NetIo io{.height = layout.board_size,
                 .width = layout.board_size,
                 .channels = kPlanes,
                 .actions = layout.board_size * layout.board_size + 1};
  Rng overwritten(0);
  LoadedNet loaded{make_net(spec, io, overwritten), {}};
  visit_layers(layout.blocks, layout.board_size, Reader(numbers, *loaded.net));
  loaded.net->eval();
  loaded.metadata = net_metadata(*loaded.net);
  loaded.metadata["game"] = leela_zero_game(layout.board_size);
  return loaded;
}

void save_leela_zero(const std::string& path, const PolicyValueNet& net) {
  const Form form = checked_form(net);
  io::write_lines_atomically(path, [&](const io::LineSink& sink) {
    sink(form.first_player_value ? "2" : "1");
    visit_layers(form.blocks, net.io().height, Writer(net, sink));
  });
}

}  // namespace tengen::nets
