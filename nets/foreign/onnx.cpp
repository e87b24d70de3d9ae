#include "nets/foreign/onnx.hpp"

#include <initializer_list>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/io/atomic_file.hpp"
#include "nets/foreign/protobuf_writer.hpp"

namespace tengen::nets {

namespace {

constexpr int kIrVersion = 6, kOpset = 11;
constexpr const char *kObservations = "observations", *kPolicy = "policy_logits", *kValue = "value";

// Field numbers and constants of onnx.proto.
namespace model {
constexpr int kIrVersion = 1, kProducer = 2, kGraph = 7, kOpset = 8, kMetadata = 14;
}
namespace graph {
constexpr int kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12;
}
namespace node {
constexpr int kInput = 1, kOutput = 2, kName = 3, kType = 4, kAttribute = 5;
}
namespace attribute {
constexpr int kName = 1, kInt = 3, kInts = 8, kType = 20;
constexpr int kIntType = 2, kIntsType = 7;
}  // namespace attribute
namespace tensor {
constexpr int kDims = 1, kType = 2, kName = 8, kRaw = 9;
constexpr int kFloat = 1, kInt64 = 7;
}  // namespace tensor

using Names = std::vector<std::string>;
using Dims = std::vector<std::int64_t>;

ProtobufWriter ints(const std::string& name, const Dims& values) {
  ProtobufWriter writer;
  writer.bytes(attribute::kName, name);
  for (const std::int64_t value : values) writer.integer(attribute::kInts, value);
  writer.integer(attribute::kType, attribute::kIntsType);
  return writer;
}

ProtobufWriter integer(const std::string& name, std::int64_t value) {
  ProtobufWriter writer;
  writer.bytes(attribute::kName, name)
      .integer(attribute::kInt, value)
      .integer(attribute::kType, attribute::kIntType);
  return writer;
}

/// A float input or output with a free first dimension.
ProtobufWriter value_info(const std::string& name, const Dims& dims) {
  ProtobufWriter shape, type, outer, info;
  shape.message(1, ProtobufWriter().bytes(2, "N"));
  for (const std::int64_t dim : dims) shape.message(1, ProtobufWriter().integer(1, dim));
  type.integer(1, tensor::kFloat).message(2, shape);
  outer.message(1, type);
  info.bytes(1, name).message(2, outer);
  return info;
}

/// [out, y, x, in] -> [out, in, y, x]; also of a matrix that reads a flattened image.
std::vector<float> channels_first(const Tensor& weight, std::int64_t height, std::int64_t width,
                                  std::int64_t channels) {
  const std::span<const float> from = weight.values<float>();
  std::vector<float> to;
  to.reserve(from.size());
  const std::int64_t points = height * width, outputs = weight.size() / (points * channels);
  for (std::int64_t out = 0; out < outputs; ++out)
    for (std::int64_t c = 0; c < channels; ++c)
      for (std::int64_t point = 0; point < points; ++point)
        to.push_back(from[std::size_t((out * points + point) * channels + c)]);
  return to;
}

/// Writes a PlanGraph op by op. Every value of the plan has a name in the model.
class GraphWriter {
 public:
  explicit GraphWriter(const PlanGraph& plan) : plan_(plan) {
    writer_.bytes(graph::kName, "tengen");
    shapes_.push_back({plan.height, plan.width, plan.channels, true});
    names_.push_back("planes");
    add_node("Transpose", {kObservations}, names_[0], {ints("perm", {0, 3, 1, 2})});
    for (const PlanOp& op : plan.ops) add_op(op);
    add_results();
    writer_.message(graph::kInput,
                    value_info(kObservations, {plan.height, plan.width, plan.channels}));
    writer_.message(graph::kOutput, value_info(kPolicy, {shapes_.at(plan.policy_logits).channels}));
    writer_.message(graph::kOutput, value_info(kValue, {}));
  }

  const ProtobufWriter& result() const { return writer_; }

 private:
  struct ValueShape {
    std::int64_t height, width, channels;
    bool is_image;  // [N, C, H, W] in the model, else [N, C]
  };

  void add_node(const std::string& type, const Names& inputs, const std::string& output,
                const std::vector<ProtobufWriter>& attributes = {}) {
    ProtobufWriter writer;
    for (const std::string& input : inputs) writer.bytes(node::kInput, input);
    writer.bytes(node::kOutput, output).bytes(node::kName, output).bytes(node::kType, type);
    for (const ProtobufWriter& each : attributes) writer.message(node::kAttribute, each);
    writer_.message(graph::kNode, writer);
  }

  template <typename T>
  std::string add_constant(const std::string& name, const Dims& dims, std::span<const T> values) {
    ProtobufWriter writer;
    for (const std::int64_t dim : dims) writer.integer(tensor::kDims, dim);
    writer.integer(tensor::kType, sizeof(T) == 4 ? tensor::kFloat : tensor::kInt64);
    writer.bytes(tensor::kName, name);
    writer.bytes(tensor::kRaw, {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
    writer_.message(graph::kInitializer, writer);
    return name;
  }
  std::string add_indices(const std::string& name, const Dims& values) {
    return add_constant<std::int64_t>(name, {std::int64_t(values.size())}, values);
  }
  std::string add_bias(const PlanOp& op, const Dims& dims) {
    return add_constant<float>(op.name + ".bias", dims, op.bias.values<float>());
  }

  void add_op(const PlanOp& op) {
    const std::string name = "net." + op.name;  // a layer may be called "value"
    const bool adds = adds_residual(op);
    const bool active = op.activation != Activation::none;
    std::string made = adds || active ? name + ".product" : name;
    if (op.kind == PlanOp::Kind::add)
      made = names_.at(op.input);
    else
      add_product(op, made);
    if (adds) {
      const std::string sum = active ? name + ".sum" : name;
      add_node("Add", {made, names_.at(op.residual)}, sum);
      made = sum;
    }
    if (active) add_activation(op, made, name);
    names_.push_back(name);
    const bool image = op.kind == PlanOp::Kind::conv ||
                       (op.kind != PlanOp::Kind::dense && shapes_.at(op.input).is_image);
    shapes_.push_back({op.out_height, op.out_width, op.out_channels, image});
  }

  void add_activation(const PlanOp& op, const std::string& x, const std::string& output) {
    const auto number = [&](const char* what, float value) {
      return add_constant<float>(op.name + "." + what, {1}, {&value, 1});
    };
    switch (op.activation) {
      case Activation::none:
        break;
      case Activation::relu:
        return add_node("Relu", {x}, output);
      case Activation::tanh:
        return add_node("Tanh", {x}, output);
      case Activation::leaky_relu:
        return add_node("PRelu", {x, number("slope", static_cast<float>(op.slope))}, output);
      case Activation::sigmoid:
        return add_node("Sigmoid", {x}, output);
      case Activation::silu:
        add_node("Sigmoid", {x}, output + ".gate");
        return add_node("Mul", {x, output + ".gate"}, output);
      case Activation::gelu:  // x / 2 (1 + erf(x / sqrt 2))
        add_node("Mul", {x, number("root", std::numbers::sqrt2_v<float> / 2)}, output + ".scaled");
        add_node("Erf", {output + ".scaled"}, output + ".erf");
        add_node("Add", {output + ".erf", number("one", 1)}, output + ".above");
        add_node("Mul", {x, number("half", 0.5f)}, output + ".half");
        return add_node("Mul", {output + ".half", output + ".above"}, output);
    }
    bad_argument("onnx", "expected a known activation, got {}", int(op.activation));
  }

  /// The op without its residual and activation.
  void add_product(const PlanOp& op, const std::string& output) {
    switch (op.kind) {
      case PlanOp::Kind::conv:
        return add_conv(op, output);
      case PlanOp::Kind::dense:
        return add_dense(op, output);
      case PlanOp::Kind::affine:
        return add_scaled(op, names_.at(op.input), output);
      case PlanOp::Kind::pool:
        return add_pool(op, output);
      case PlanOp::Kind::concat:
        return add_node("Concat", {names_.at(op.input), names_.at(op.residual)}, output,
                        {integer("axis", 1)});
      case PlanOp::Kind::maximum:
        return add_node("Max", {names_.at(op.input), names_.at(op.residual)}, output);
      case PlanOp::Kind::prelu:
        return add_node("PRelu", {names_.at(op.input), per_channel(op, "slope", op.weight)},
                        output);
      case PlanOp::Kind::group_norm:
        return add_group_norm(op, output);
      default:
        bad_argument("onnx", "expected ops of a policy/value net, got {}", op.name);
    }
  }

  void add_conv(const PlanOp& op, const std::string& output) {
    const std::int64_t out = op.weight.dim(0), kh = op.weight.dim(1), kw = op.weight.dim(2);
    const std::int64_t in = op.weight.dim(3), pad = op.conv.padding;
    const std::string weight = add_constant<float>(op.name + ".weight", {out, in, kh, kw},
                                                   channels_first(op.weight, kh, kw, in));
    add_node("Conv", {names_.at(op.input), weight, add_bias(op, {out})}, output,
             {ints("kernel_shape", {kh, kw}), ints("pads", {pad, pad, pad, pad}),
              ints("strides", {op.conv.stride, op.conv.stride}),
              ints("dilations", {op.conv.dilation, op.conv.dilation}),
              integer("group", op.conv.groups)});
  }

  void add_dense(const PlanOp& op, const std::string& output) {
    const ValueShape& in = shapes_.at(op.input);
    const std::int64_t out = op.weight.dim(0);
    const std::string weight =
        add_constant<float>(op.name + ".weight", {out, op.weight.dim(1)},
                            channels_first(op.weight, in.height, in.width, in.channels));
    add_node("Flatten", {names_.at(op.input)}, op.name + ".flat");
    add_node("Gemm", {op.name + ".flat", weight, add_bias(op, {out})}, output,
             {integer("transB", 1)});
  }

  /// A constant [channels] that ONNX broadcasts over the op's input.
  std::string per_channel(const PlanOp& op, const char* what, const Tensor& values) {
    const Dims dims =
        shapes_.at(op.input).is_image ? Dims{values.size(), 1, 1} : Dims{values.size()};
    return add_constant<float>(op.name + "." + what, dims, values.values<float>());
  }

  /// x weight + bias, per channel.
  void add_scaled(const PlanOp& op, const std::string& x, const std::string& output) {
    add_node("Mul", {x, per_channel(op, "scale", op.weight)}, op.name + ".scaled");
    add_node("Add", {op.name + ".scaled", per_channel(op, "bias", op.bias)}, output);
  }

  /// ONNX's instance norm of groups in the place of channels.
  void add_group_norm(const PlanOp& op, const std::string& output) {
    constexpr double kEpsilon = 1e-5;  // of the instance norm, where no attribute says otherwise
    if (op.epsilon != kEpsilon)
      bad_argument("onnx", "expected a group norm with epsilon {}, got {}", kEpsilon, op.epsilon);
    const std::vector<float> ones(std::size_t(op.norm_groups), 1.0f), zeros(ones.size(), 0.0f);
    const std::string one = add_constant<float>(op.name + ".one", {op.norm_groups}, ones);
    const std::string zero = add_constant<float>(op.name + ".zero", {op.norm_groups}, zeros);
    add_node("Reshape",
             {names_.at(op.input), add_indices(op.name + ".rows", {0, op.norm_groups, -1})},
             op.name + ".grouped");
    add_node("InstanceNormalization", {op.name + ".grouped", one, zero}, op.name + ".normal");
    add_node("Reshape",
             {op.name + ".normal",
              add_indices(op.name + ".image", {0, op.out_channels, op.out_height, op.out_width})},
             op.name + ".spread");
    add_scaled(op, op.name + ".spread", output);
  }

  void add_pool(const PlanOp& op, const std::string& output) {
    const std::int64_t kernel = op.pool.kernel, stride = op.pool.stride, pad = op.pool.padding;
    add_node(is_max_pool(op) ? "MaxPool" : "AveragePool", {names_.at(op.input)}, output,
             {ints("kernel_shape", {kernel, kernel}), ints("pads", {pad, pad, pad, pad}),
              ints("strides", {stride, stride})});
  }

  void add_results() {
    add_node("Identity", {names_.at(plan_.policy_logits)}, kPolicy);
    const std::string flat = add_indices("flat", {-1});
    const bool turned = plan_.first_player_plane >= 0;
    add_node("Reshape", {names_.at(plan_.value), flat}, turned ? "first_player_value" : kValue);
    if (turned) add_sign(flat);
  }

  /// The plane's first cell, 1 or 0, as 1 or -1: value_sign().
  void add_sign(const std::string& flat) {
    const std::int64_t plane = plan_.first_player_plane;
    const float two = 2, one = 1;
    add_node("Slice",
             {kObservations, add_indices("sign.begin", {0, 0, plane}),
              add_indices("sign.end", {1, 1, plane + 1}), add_indices("sign.axes", {1, 2, 3})},
             "sign.cell");
    add_node("Reshape", {"sign.cell", flat}, "sign.plane");
    add_node("Mul", {"sign.plane", add_constant<float>("sign.two", {1}, {&two, 1})}, "sign.double");
    add_node("Sub", {"sign.double", add_constant<float>("sign.one", {1}, {&one, 1})}, "sign");
    add_node("Mul", {"first_player_value", "sign"}, kValue);
  }

  const PlanGraph& plan_;
  ProtobufWriter writer_;
  Names names_;                     // by value number
  std::vector<ValueShape> shapes_;  // by value number
};

}  // namespace

void save_onnx(const std::string& path, const PolicyValueNet& net, const Metadata& extra) {
  ProtobufWriter writer;
  writer.integer(model::kIrVersion, kIrVersion).bytes(model::kProducer, "tengen");
  writer.message(model::kGraph, GraphWriter(net.graph()).result());
  writer.message(model::kOpset, ProtobufWriter().bytes(1, "").integer(2, kOpset));
  Metadata metadata = net_metadata(net);
  metadata.insert(extra.begin(), extra.end());
  for (const auto& [key, value] : metadata)
    writer.message(model::kMetadata, ProtobufWriter().bytes(1, key).bytes(2, value));
  io::write_file_atomically(path, writer.str());
}

}  // namespace tengen::nets
