#include "tools/bench/convolution_ceiling.hpp"

#include <algorithm>
#include <dnnl.hpp>
#include <limits>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"

namespace tengen::tools {
namespace {

using dnnl::memory;
using dnnl::prop_kind;
using Type = memory::data_type;
using nets::PlanGraph;
using nets::PlanOp;
using nets::Precision;

struct Types {
  Type data, weights;
};

Types types_of(Precision precision) {
  if (precision == Precision::bf16) return {Type::bf16, Type::bf16};
  if (precision == Precision::int8) return {Type::u8, Type::s8};
  return {Type::f32, Type::f32};
}

/// How the convolutions of one run are done.
struct Variant {
  memory::format_tag layout;  // of images; `any`: oneDNN's choice
  dnnl::algorithm algorithm;  // of inference; training is direct
};
constexpr Variant kVariants[] = {
    {memory::format_tag::any, dnnl::algorithm::convolution_direct},
    {memory::format_tag::nhwc, dnnl::algorithm::convolution_direct},
    {memory::format_tag::any, dnnl::algorithm::convolution_auto},
    {memory::format_tag::nhwc, dnnl::algorithm::convolution_auto},
    {memory::format_tag::any, dnnl::algorithm::convolution_winograd},
};

/// One convolution's shapes.
struct Shapes {
  memory::desc source, weights, bias, output;
  memory::dims stride, dilation, padding;
};

struct Image {
  int height = 0, width = 0, channels = 0;
};

Image image_of(const PlanGraph& graph, int value) {
  for (const PlanOp& op : graph.ops)
    if (op.output == value) return {op.out_height, op.out_width, op.out_channels};
  return {graph.height, graph.width, graph.channels};
}

Shapes shapes_of(const PlanGraph& graph, const PlanOp& op, const Types& types,
                 memory::format_tag layout, int batch) {
  const Image in = image_of(graph, op.input);
  const Tensor& w = op.weight;  // [O, kh, kw, I / groups]
  const std::int64_t groups = op.conv.groups;
  const memory::dims weights =
      groups == 1 ? memory::dims{w.dim(0), w.dim(3), w.dim(1), w.dim(2)}
                  : memory::dims{groups, w.dim(0) / groups, w.dim(3), w.dim(1), w.dim(2)};
  const auto both = [](std::int64_t size) { return memory::dims{size, size}; };
  return {.source = {{batch, in.channels, in.height, in.width}, types.data, layout},
          .weights = {weights, types.weights, memory::format_tag::any},
          .bias = {{op.out_channels}, Type::f32, memory::format_tag::x},
          .output = {{batch, op.out_channels, op.out_height, op.out_width}, types.data, layout},
          .stride = both(op.conv.stride),
          .dilation = both(op.conv.dilation - 1),
          .padding = both(op.conv.padding)};
}

/// A primitive with buffers of its own.
struct Step {
  dnnl::primitive primitive;
  std::unordered_map<int, memory> arguments;
};

class Steps {
 public:
  /// Throws dnnl::error if oneDNN cannot do them so.
  Steps(const PlanGraph& graph, Precision precision, ConvolutionPass pass, int batch,
        const Variant& variant) {
    for (const PlanOp& op : graph.ops) {
      if (op.kind != PlanOp::Kind::conv) continue;
      const Shapes shapes = shapes_of(graph, op, types_of(precision), variant.layout, batch);
      if (pass == ConvolutionPass::inference)
        add_inference(shapes, variant.algorithm);
      else
        add_training(shapes, op.input != 0);
    }
  }

  void run() {
    for (Step& step : steps_) step.primitive.execute(stream_, step.arguments);
    stream_.wait();
  }

 private:
  static dnnl::convolution_forward::desc forward(prop_kind kind, dnnl::algorithm algorithm,
                                                 const Shapes& s) {
    return {kind,     algorithm, s.source,   s.weights, s.bias,
            s.output, s.stride,  s.dilation, s.padding, s.padding};
  }

  void add_inference(const Shapes& s, dnnl::algorithm algorithm) {
    dnnl::post_ops relu;
    relu.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(relu);
    const dnnl::convolution_forward::primitive_desc desc(
        forward(prop_kind::forward_inference, algorithm, s), attributes, engine_);
    add(dnnl::convolution_forward(desc), {{DNNL_ARG_SRC, desc.src_desc()},
                                          {DNNL_ARG_WEIGHTS, desc.weights_desc()},
                                          {DNNL_ARG_BIAS, desc.bias_desc()},
                                          {DNNL_ARG_DST, desc.dst_desc()}});
  }

  void add_training(const Shapes& s, bool data_gradient) {
    const auto direct = dnnl::algorithm::convolution_direct;
    const dnnl::convolution_forward::primitive_desc forward_desc(
        forward(prop_kind::forward_training, direct, s), engine_);
    add(dnnl::convolution_forward(forward_desc), {{DNNL_ARG_SRC, forward_desc.src_desc()},
                                                  {DNNL_ARG_WEIGHTS, forward_desc.weights_desc()},
                                                  {DNNL_ARG_BIAS, forward_desc.bias_desc()},
                                                  {DNNL_ARG_DST, forward_desc.dst_desc()}});
    const dnnl::convolution_backward_weights::primitive_desc weights(
        {direct, s.source, s.weights, s.bias, s.output, s.stride, s.dilation, s.padding, s.padding},
        engine_, forward_desc);
    add(dnnl::convolution_backward_weights(weights),
        {{DNNL_ARG_SRC, weights.src_desc()},
         {DNNL_ARG_DIFF_DST, weights.diff_dst_desc()},
         {DNNL_ARG_DIFF_WEIGHTS, weights.diff_weights_desc()},
         {DNNL_ARG_DIFF_BIAS, weights.diff_bias_desc()}});
    if (!data_gradient) return;
    const dnnl::convolution_backward_data::primitive_desc data(
        {direct, s.source, s.weights, s.output, s.stride, s.dilation, s.padding, s.padding},
        engine_, forward_desc);
    add(dnnl::convolution_backward_data(data), {{DNNL_ARG_DIFF_SRC, data.diff_src_desc()},
                                                {DNNL_ARG_WEIGHTS, data.weights_desc()},
                                                {DNNL_ARG_DIFF_DST, data.diff_dst_desc()}});
  }

  /// Buffers are zero: arithmetic on them takes as long as on anything else, and never meets
  /// denormals.
  void add(const dnnl::primitive& primitive,
           const std::vector<std::pair<int, memory::desc>>& arguments) {
    Step& step = steps_.emplace_back(Step{primitive, {}});
    for (const auto& [argument, desc] : arguments) {
      memory buffer(desc, engine_);
      auto* bytes = static_cast<std::byte*>(buffer.get_data_handle());
      std::fill_n(bytes, desc.get_size(), std::byte{0});
      step.arguments.emplace(argument, buffer);
    }
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::vector<Step> steps_;
};

double seconds_of(Steps& steps) {
  steps.run();  // warm-up
  const Stopwatch watch;
  steps.run();
  return watch.seconds();
}

/// Tried at a batch small enough to cost little, and large enough to be like a larger one.
Variant fastest_variant(const PlanGraph& graph, Precision precision, ConvolutionPass pass,
                        int batch) {
  constexpr int kMostPositions = 16;
  const std::size_t tried = pass == ConvolutionPass::training ? 2 : std::size(kVariants);
  Variant fastest = kVariants[0];
  double least_seconds = std::numeric_limits<double>::infinity();
  for (const Variant& variant : std::span(kVariants).first(tried)) {
    try {
      Steps steps(graph, precision, pass, std::min(batch, kMostPositions), variant);
      const double seconds = seconds_of(steps);
      if (seconds >= least_seconds) continue;
      fastest = variant;
      least_seconds = seconds;
    } catch (const dnnl::error&) {
      // Not every algorithm is there for every shape, type and instruction set.
    }
  }
  return fastest;
}

}  // namespace

bool has_convolutions(const nets::PlanGraph& graph) {
  return std::any_of(graph.ops.begin(), graph.ops.end(),
                     [](const PlanOp& op) { return op.kind == PlanOp::Kind::conv; });
}

Work convolution_work(const nets::PlanGraph& graph, Precision precision, ConvolutionPass pass,
                      int batch) {
  if (!has_convolutions(graph))
    bad_argument("convolution_ceiling", "expected a net with convolutions, got one without");
  const Variant variant = fastest_variant(graph, precision, pass, batch);
  return [steps = std::make_shared<Steps>(graph, precision, pass, batch, variant), batch] {
    steps->run();
    return static_cast<double>(batch);
  };
}

std::optional<Ceiling> convolution_ceiling(const nets::PlanGraph& graph, Precision precision,
                                           ConvolutionPass pass, int batch, int threads) {
  if (!has_convolutions(graph)) return std::nullopt;
  return Ceiling{
      fmt::format("oneDNN's {} convolutions alone", nets::to_string(precision)),
      run_streams(threads, [=](int) { return convolution_work(graph, precision, pass, batch); })};
}

}  // namespace tengen::tools
