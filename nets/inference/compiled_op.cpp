#include "nets/inference/compiled_op.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/error.hpp"
#include "nets/inference/group_norm_op.hpp"
#include "nets/inference/primitive_op.hpp"
#include "nets/inference/winograd_op.hpp"

namespace tengen::nets {

using dnnl::memory;
using Tag = memory::format_tag;
using Type = memory::data_type;

namespace {

void append_activation(dnnl::post_ops& ops, const PlanOp& op) {
  using enum dnnl::algorithm;
  const auto append = [&ops](dnnl::algorithm function, double alpha = 0) {
    ops.append_eltwise(1.0f, function, static_cast<float>(alpha), 0.0f);
  };
  switch (op.activation) {
    case Activation::none:
      return;
    case Activation::relu:
      return append(eltwise_relu);
    case Activation::tanh:
      return append(eltwise_tanh);
    case Activation::leaky_relu:
      return append(eltwise_relu, op.slope);
    case Activation::sigmoid:
      return append(eltwise_logistic);
    case Activation::gelu:
      return append(eltwise_gelu_erf);
    case Activation::silu:
      return append(eltwise_swish, 1);
  }
  bad_argument("inference_plan", "expected a known activation, got {}",
               static_cast<int>(op.activation));
}

dnnl::primitive_attr attributes(const dnnl::post_ops& ops) {
  dnnl::primitive_attr attr;
  attr.set_post_ops(ops);
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attr;
}

template <typename Primitive>
std::unique_ptr<CompiledOp> compiled(const typename Primitive::primitive_desc& desc,
                                     PrimitiveOp::Arguments arguments, const OpContext& context) {
  return std::make_unique<PrimitiveOp>(Primitive(desc), desc.scratchpad_desc(),
                                       std::move(arguments), context.engine);
}

/// The arithmetic of an integer convolution: with inputs x = s_x x', weights w = s_w[o] w' and
/// outputs y = s_y y', oneDNN computes y' = output[o] (sum of x' w' + bias[o]).
struct IntegerScales {
  std::vector<float> weight;  // 1 / s_w[o]
  std::vector<float> bias;    // 1 / (s_x s_w[o])
  std::vector<float> output;  // s_x s_w[o] / s_y
};

IntegerScales integer_scales(const PlanOp& op, float input_step, float output_step) {
  // Without VNNI the sum of two products of 8 bits must fit into 16: 2 * 255 * 64 < 2^15.
  const float largest_weight = has_exact_int8() ? 127.0f : 64.0f;
  const std::span<const float> weights = op.weight.values<float>();
  const std::size_t row = weights.size() / static_cast<std::size_t>(op.out_channels);
  IntegerScales scales;
  for (std::size_t first = 0; first < weights.size(); first += row) {
    float largest = 0;
    for (const float w : weights.subspan(first, row)) largest = std::max(largest, std::abs(w));
    const float step = largest > 0 ? largest / largest_weight : 1.0f;
    scales.weight.push_back(1 / step);
    scales.bias.push_back(1 / (input_step * step));
    scales.output.push_back(input_step * step / output_step);
  }
  return scales;
}

Type weight_type(const ValueFormat& input) { return input.is_integer() ? Type::s8 : input.type; }

std::unique_ptr<CompiledOp> compile_conv(const PlanOp& op, const OpContext& context) {
  if (suits_winograd(op, context.input.format)) return compile_winograd(op, context);
  const Tensor& w = op.weight;  // [O, kh, kw, I / groups]
  const std::int64_t groups = op.conv.groups;
  // oneDNN names weight dimensions (g)oihw whatever their order in memory.
  const memory::dims dims =
      groups == 1 ? memory::dims{w.dim(0), w.dim(3), w.dim(1), w.dim(2)}
                  : memory::dims{groups, w.dim(0) / groups, w.dim(3), w.dim(1), w.dim(2)};
  const memory::desc plain(dims, Type::f32, groups == 1 ? Tag::ohwi : Tag::gohwi);
  const memory::desc bias({op.bias.size()}, Type::f32, Tag::x);
  const ValueFormat& in = context.input.format;

  dnnl::post_ops post;
  if (op.residual >= 0) post.append_sum(context.residual_scale);
  append_activation(post, op);
  dnnl::primitive_attr attr = attributes(post);
  IntegerScales scales;
  if (in.is_integer()) {
    scales = integer_scales(op, in.step, context.output.format.step);
    attr.set_output_scales(2, scales.output);  // 2: one for each channel
  }
  const memory::dims stride(2, op.conv.stride), dilation(2, op.conv.dilation - 1),
      padding(2, op.conv.padding);
  const dnnl::convolution_forward::desc conv(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, context.input.desc,
      memory::desc(dims, weight_type(in), Tag::any), bias, context.output.desc, stride, dilation,
      padding, padding);
  const dnnl::convolution_forward::primitive_desc desc(conv, attr, context.engine);
  return compiled<dnnl::convolution_forward>(
      desc,
      {.input_desc = context.input.desc,
       .output_desc = context.output.desc,
       .constants = {{DNNL_ARG_WEIGHTS,
                      context.weights.get(w, plain, desc.weights_desc(), scales.weight)},
                     {DNNL_ARG_BIAS, context.weights.get(op.bias, bias, bias, scales.bias)}}},
      context);
}

std::unique_ptr<CompiledOp> compile_dense(const PlanOp& op, const OpContext& context) {
  const std::int64_t outputs = op.weight.dim(0), inputs = op.weight.dim(1);
  // The input's bytes in order: an image flattens channels fastest.
  const Type type = context.input.format.type;
  const memory::desc flat({context.output.desc.dims()[0], inputs}, type, Tag::nc);
  const memory::desc plain({outputs, inputs}, Type::f32, Tag::oi);
  const memory::desc bias({outputs}, Type::f32, Tag::x);

  dnnl::post_ops post;
  append_activation(post, op);
  const dnnl::inner_product_forward::desc dense(dnnl::prop_kind::forward_inference, flat,
                                                memory::desc({outputs, inputs}, type, Tag::any),
                                                bias, context.output.desc);
  const dnnl::inner_product_forward::primitive_desc desc(dense, attributes(post), context.engine);
  return compiled<dnnl::inner_product_forward>(
      desc,
      {.input_desc = flat,
       .output_desc = context.output.desc,
       .constants = {{DNNL_ARG_WEIGHTS, context.weights.get(op.weight, plain, desc.weights_desc())},
                     {DNNL_ARG_BIAS, context.weights.get(op.bias, bias, bias)}}},
      context);
}

memory::desc per_channel(const PlanOp& op, const OpContext& context) {
  memory::dims dims(context.input.desc.dims().size(), 1);
  dims[1] = op.out_channels;
  return memory::desc(dims, Type::f32, dims.size() == 4 ? Tag::nhwc : Tag::nc);
}

std::unique_ptr<CompiledOp> compile_prelu(const PlanOp& op, const OpContext& context) {
  const memory::desc slopes = per_channel(op, context);
  const dnnl::prelu_forward::desc prelu(dnnl::prop_kind::forward_inference, context.input.desc,
                                        slopes);
  const dnnl::prelu_forward::primitive_desc desc(prelu, attributes({}), context.engine);
  return compiled<dnnl::prelu_forward>(
      desc,
      {.input_desc = context.input.desc,
       .output_desc = context.output.desc,
       .constants = {{DNNL_ARG_WEIGHTS, context.weights.get(op.weight, slopes, slopes)}}},
      context);
}

/// y = act(x * scale + bias) as a binary multiplication with two post-operations.
std::unique_ptr<CompiledOp> compile_affine(const PlanOp& op, const OpContext& context) {
  const memory::desc numbers = per_channel(op, context);
  // Results in steps of the output; the activation does not mind.
  const std::vector<float> scales{1 / context.output.format.step};

  dnnl::post_ops post;
  post.append_binary(dnnl::algorithm::binary_add, numbers);
  append_activation(post, op);
  const dnnl::binary::desc multiply(dnnl::algorithm::binary_mul, context.input.desc, numbers,
                                    context.output.desc);
  const dnnl::binary::primitive_desc desc(multiply, attributes(post), context.engine);
  const auto constant = [&](const Tensor& tensor) {
    return context.weights.get(tensor, numbers, numbers, scales);
  };
  return compiled<dnnl::binary>(
      desc,
      {.input_desc = context.input.desc,
       .output_desc = context.output.desc,
       .constants = {{DNNL_ARG_SRC_1, constant(op.weight)},
                     {DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, constant(op.bias)}}},
      context);
}

/// act(x + residual) or max(x, residual).
std::unique_ptr<CompiledOp> compile_binary(dnnl::algorithm function, const PlanOp& op,
                                           const OpContext& context) {
  dnnl::post_ops post;
  append_activation(post, op);
  const memory::desc& layout = context.output.desc;
  const dnnl::binary::desc both(function, layout, layout, layout);
  const dnnl::binary::primitive_desc desc(both, attributes(post), context.engine);
  return compiled<dnnl::binary>(desc,
                                {.input_desc = layout,
                                 .residual = DNNL_ARG_SRC_1,
                                 .residual_desc = layout,
                                 .output_desc = layout,
                                 .constants = {}},
                                context);
}

std::unique_ptr<CompiledOp> compile_pooling(const kernels::Pool2dParams::Kind kind,
                                            const memory::desc& output, const memory::dims& kernel,
                                            const memory::dims& stride, const memory::dims& padding,
                                            const OpContext& context) {
  const memory::dims in = context.input.desc.dims(), out = output.dims();
  memory::dims padding_after;  // so that the last window fits
  for (std::size_t axis = 0; axis < 2; ++axis)
    padding_after.push_back((out[axis + 2] - 1) * stride[axis] + kernel[axis] - in[axis + 2] -
                            padding[axis]);
  const dnnl::pooling_forward::desc pool(
      dnnl::prop_kind::forward_inference,
      kind == kernels::Pool2dParams::Kind::max ? dnnl::algorithm::pooling_max
                                               : dnnl::algorithm::pooling_avg_exclude_padding,
      context.input.desc, output, stride, kernel, padding, padding_after);
  const dnnl::pooling_forward::primitive_desc desc(pool, attributes({}), context.engine);
  return compiled<dnnl::pooling_forward>(
      desc, {.input_desc = context.input.desc, .output_desc = output, .constants = {}}, context);
}

std::unique_ptr<CompiledOp> compile_pool(const PlanOp& op, const OpContext& context) {
  const auto both = [](int size) { return memory::dims(2, size); };
  return compile_pooling(op.pool.kind, context.output.desc, both(op.pool.kernel),
                         both(op.pool.stride), both(op.pool.padding), context);
}

/// One window over the whole image; as an image of 1x1 the output has the bytes of a vector.
std::unique_ptr<CompiledOp> compile_global_pool(const OpContext& context) {
  const memory::dims in = context.input.desc.dims();
  const memory::desc output({in[0], in[1], 1, 1}, context.output.format.type, Tag::nhwc);
  return compile_pooling(kernels::Pool2dParams::Kind::average, output, {in[2], in[3]}, {1, 1},
                         {0, 0}, context);
}

std::unique_ptr<CompiledOp> compile_concat(const OpContext& context) {
  const memory::desc &first = context.input.desc, &second = context.residual.desc;
  constexpr int kChannels = 1;
  const dnnl::concat::primitive_desc desc(context.output.desc, kChannels, {first, second},
                                          context.engine, attributes({}));
  return compiled<dnnl::concat>(desc,
                                {.input = DNNL_ARG_MULTIPLE_SRC,
                                 .input_desc = first,
                                 .residual = DNNL_ARG_MULTIPLE_SRC + 1,
                                 .residual_desc = second,
                                 .output_desc = context.output.desc,
                                 .constants = {}},
                                context);
}

std::unique_ptr<CompiledOp> compile_response_norm(const PlanOp& op, const OpContext& context) {
  const LocalResponseNormOptions& o = op.response_norm;
  const dnnl::lrn_forward::desc norm(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::lrn_across_channels, context.input.desc,
      o.size, static_cast<float>(o.alpha), static_cast<float>(o.beta), static_cast<float>(o.k));
  const dnnl::lrn_forward::primitive_desc desc(norm, attributes({}), context.engine);
  return compiled<dnnl::lrn_forward>(
      desc, {.input_desc = context.input.desc, .output_desc = context.output.desc, .constants = {}},
      context);
}

}  // namespace

std::unique_ptr<CompiledOp> compile(const PlanOp& op, const OpContext& context) {
  switch (op.kind) {
    case PlanOp::Kind::conv:
      return compile_conv(op, context);
    case PlanOp::Kind::dense:
      return compile_dense(op, context);
    case PlanOp::Kind::affine:
      return compile_affine(op, context);
    case PlanOp::Kind::add:
      return compile_binary(dnnl::algorithm::binary_add, op, context);
    case PlanOp::Kind::pool:
      return compile_pool(op, context);
    case PlanOp::Kind::global_pool:
      return compile_global_pool(context);
    case PlanOp::Kind::concat:
      return compile_concat(context);
    case PlanOp::Kind::response_norm:
      return compile_response_norm(op, context);
    case PlanOp::Kind::group_norm:
      return compile_group_norm(op, context);
    case PlanOp::Kind::prelu:
      return compile_prelu(op, context);
    case PlanOp::Kind::maximum:
      return compile_binary(dnnl::algorithm::binary_max, op, context);
  }
  bad_argument("inference_plan", "expected a known op, got {}", static_cast<int>(op.kind));
}

std::unique_ptr<CompiledOp> compile_copy(const ValueLayout& input, const ValueLayout& output,
                                         const dnnl::engine& engine) {
  dnnl::primitive_attr attr = attributes({});
  if (input.format.step != output.format.step)
    attr.set_output_scales(0, {input.format.step / output.format.step});
  const dnnl::reorder::primitive_desc desc(engine, input.desc, engine, output.desc, attr);
  return std::make_unique<PrimitiveOp>(dnnl::reorder(desc), desc.scratchpad_desc(),
                                       PrimitiveOp::Arguments{.input = DNNL_ARG_FROM,
                                                              .input_desc = input.desc,
                                                              .output = DNNL_ARG_TO,
                                                              .output_desc = output.desc,
                                                              .constants = {}},
                                       engine);
}

}  // namespace tengen::nets
