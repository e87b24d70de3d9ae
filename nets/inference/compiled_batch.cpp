#include "nets/inference/compiled_batch.hpp"

#include <algorithm>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"

namespace tengen::nets {

using dnnl::memory;
using Tag = memory::format_tag;
using Type = memory::data_type;

namespace {

constexpr std::size_t kAlignment = 64;

std::size_t index(int value) { return static_cast<std::size_t>(value); }

std::size_t align_up(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

void append_activation(dnnl::post_ops& ops, Activation activation) {
  if (activation == Activation::relu)
    ops.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
  else if (activation == Activation::tanh)
    ops.append_eltwise(1.0f, dnnl::algorithm::eltwise_tanh, 0.0f, 0.0f);
}

dnnl::primitive_attr attributes(const dnnl::post_ops& ops) {
  dnnl::primitive_attr attr;
  attr.set_post_ops(ops);
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attr;
}

/// Gives out byte ranges of an arena, lowest first, and takes them back.
class ArenaPlanner {
 public:
  std::size_t take(std::size_t bytes) {
    std::size_t offset = 0;
    for (const Range& r : used_) {  // sorted by offset: first gap that fits
      if (r.offset - offset >= bytes) break;
      offset = r.offset + r.bytes;
    }
    const auto at =
        std::find_if(used_.begin(), used_.end(), [&](const Range& r) { return r.offset > offset; });
    used_.insert(at, {offset, bytes});
    peak_ = std::max(peak_, offset + bytes);
    return offset;
  }
  void give_back(std::size_t offset) {
    std::erase_if(used_, [&](const Range& r) { return r.offset == offset; });
  }
  std::size_t peak() const { return peak_; }

 private:
  struct Range {
    std::size_t offset, bytes;
  };
  std::vector<Range> used_;
  std::size_t peak_ = 0;
};

}  // namespace

CompiledBatch::CompiledBatch(const PlanGraph& graph, Precision precision, int batch,
                             const dnnl::engine& engine, WeightStore& weights)
    : batch_(batch),
      type_(precision == Precision::bf16 ? Type::bf16 : Type::f32),
      engine_(engine),
      weights_(weights),
      policy_(graph.policy_logits),
      value_(graph.value) {
  int values = 1;
  for (const PlanOp& op : graph.ops) values = std::max(values, op.output + 1);
  places_.resize(static_cast<std::size_t>(values));
  add_input(graph);
  for (const PlanOp& op : graph.ops) add_op(op, op.output == policy_ || op.output == value_);
  place_values();
}

memory::desc CompiledBatch::image_desc(int height, int width, int channels) const {
  return {{batch_, channels, height, width}, type_, Tag::nhwc};
}

/// Observations arrive in fp32; in other precisions a reorder turns them into value 0.
void CompiledBatch::add_input(const PlanGraph& graph) {
  places_[0].desc = image_desc(graph.height, graph.width, graph.channels);
  float_input_ = 0;
  if (type_ == Type::f32) return;
  float_input_ = static_cast<int>(places_.size());
  places_.push_back(
      {memory::desc({batch_, graph.channels, graph.height, graph.width}, Type::f32, Tag::nhwc)});
  dnnl::reorder::primitive_desc desc(engine_, places_.back().desc, engine_, places_[0].desc,
                                     attributes({}));
  Step step;
  step.primitive = dnnl::reorder(desc);
  step.source = float_input_;
  step.source_desc = places_.back().desc;
  step.output = 0;
  step.scratchpad = desc.scratchpad_desc();
  steps_.push_back(std::move(step));
}

void CompiledBatch::add_op(const PlanOp& op, bool is_output) {
  Place& out = places_[index(op.output)];
  Step step;
  switch (op.kind) {
    case PlanOp::Kind::conv:
      step = conv_step(op, out);
      break;
    case PlanOp::Kind::dense:
      step = dense_step(op, out, is_output);
      break;
    case PlanOp::Kind::affine:
      step = affine_step(op, out);
      break;
    case PlanOp::Kind::add:
      step = add_step(op, out);
      break;
  }
  step.source = op.input;
  if (step.source_desc.is_zero()) step.source_desc = places_[index(op.input)].desc;
  step.residual = op.residual;
  step.output = op.output;
  steps_.push_back(std::move(step));
}

CompiledBatch::Step CompiledBatch::conv_step(const PlanOp& op, Place& out) {
  const Tensor& w = op.weight;  // [O, kh, kw, I / groups]
  const std::int64_t groups = op.conv.groups;
  out.desc = image_desc(op.out_height, op.out_width, op.out_channels);
  // oneDNN names weight dimensions (g)oihw whatever their order in memory.
  const memory::dims dims =
      groups == 1 ? memory::dims{w.dim(0), w.dim(3), w.dim(1), w.dim(2)}
                  : memory::dims{groups, w.dim(0) / groups, w.dim(3), w.dim(1), w.dim(2)};
  const memory::desc plain(dims, Type::f32, groups == 1 ? Tag::ohwi : Tag::gohwi);
  const memory::desc bias({op.bias.size()}, Type::f32, Tag::x);

  dnnl::post_ops post;
  if (op.residual >= 0) post.append_sum(1.0f);
  append_activation(post, op.activation);
  const memory::dims stride(2, op.conv.stride), dilation(2, op.conv.dilation - 1),
      padding(2, op.conv.padding);
  const dnnl::convolution_forward::desc conv(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
      places_[index(op.input)].desc, memory::desc(dims, type_, Tag::any), bias, out.desc, stride,
      dilation, padding, padding);
  const dnnl::convolution_forward::primitive_desc desc(conv, attributes(post), engine_);

  Step step;
  step.primitive = dnnl::convolution_forward(desc);
  step.constants = {{DNNL_ARG_WEIGHTS, weights_.get(w, plain, desc.weights_desc())},
                    {DNNL_ARG_BIAS, weights_.get(op.bias, bias, bias)}};
  step.scratchpad = desc.scratchpad_desc();
  return step;
}

CompiledBatch::Step CompiledBatch::dense_step(const PlanOp& op, Place& out, bool is_output) {
  const memory::desc in = places_[index(op.input)].desc;
  const std::int64_t outputs = op.weight.dim(0), inputs = op.weight.dim(1);
  out.desc = memory::desc({batch_, outputs}, is_output ? Type::f32 : type_, Tag::nc);
  // The input's bytes in order: an image flattens channels fastest.
  const memory::desc flat({batch_, inputs}, in.data_type(), Tag::nc);
  const memory::desc plain({outputs, inputs}, Type::f32, Tag::oi);
  const memory::desc bias({outputs}, Type::f32, Tag::x);

  dnnl::post_ops post;
  if (op.residual >= 0) post.append_sum(1.0f);
  append_activation(post, op.activation);
  const dnnl::inner_product_forward::desc dense(dnnl::prop_kind::forward_inference, flat,
                                                memory::desc({outputs, inputs}, type_, Tag::any),
                                                bias, out.desc);
  const dnnl::inner_product_forward::primitive_desc desc(dense, attributes(post), engine_);

  Step step;
  step.primitive = dnnl::inner_product_forward(desc);
  step.source_desc = flat;
  step.constants = {{DNNL_ARG_WEIGHTS, weights_.get(op.weight, plain, desc.weights_desc())},
                    {DNNL_ARG_BIAS, weights_.get(op.bias, bias, bias)}};
  step.scratchpad = desc.scratchpad_desc();
  return step;
}

/// y = act(x * scale + bias) as a binary multiplication with two post-operations.
CompiledBatch::Step CompiledBatch::affine_step(const PlanOp& op, Place& out) {
  const memory::desc& in = places_[index(op.input)].desc;
  out.desc = in;
  memory::dims dims(in.dims().size(), 1);
  dims[1] = op.out_channels;
  const memory::desc per_channel(dims, Type::f32, dims.size() == 4 ? Tag::nhwc : Tag::nc);

  dnnl::post_ops post;
  post.append_binary(dnnl::algorithm::binary_add, per_channel);
  append_activation(post, op.activation);
  const dnnl::binary::desc multiply(dnnl::algorithm::binary_mul, in, per_channel, out.desc);
  const dnnl::binary::primitive_desc desc(multiply, attributes(post), engine_);

  Step step;
  step.primitive = dnnl::binary(desc);
  step.constants = {{DNNL_ARG_SRC_1, weights_.get(op.weight, per_channel, per_channel)},
                    {DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1,
                     weights_.get(op.bias, per_channel, per_channel)}};
  step.scratchpad = desc.scratchpad_desc();
  return step;
}

CompiledBatch::Step CompiledBatch::add_step(const PlanOp& op, Place& out) {
  out.desc = places_[index(op.input)].desc;
  dnnl::post_ops post;
  append_activation(post, op.activation);
  const dnnl::binary::desc add(dnnl::algorithm::binary_add, out.desc,
                               places_[index(op.residual)].desc, out.desc);
  const dnnl::binary::primitive_desc desc(add, attributes(post), engine_);
  Step step;
  step.primitive = dnnl::binary(desc);
  step.binary_residual = true;
  step.scratchpad = desc.scratchpad_desc();
  return step;
}

/// Walks the steps in order and gives every value its bytes, reusing those of values read for the
/// last time.
void CompiledBatch::place_values() {
  const std::size_t never = steps_.size();
  std::vector<std::size_t> last_use(places_.size(), 0);
  for (std::size_t i = 0; i < steps_.size(); ++i)
    for (int value : {steps_[i].source, steps_[i].residual})
      if (value >= 0) last_use[index(value)] = i;
  for (int output : {policy_, value_}) last_use[index(output)] = never;

  ArenaPlanner planner;
  const auto take = [&](int value) {
    Place& place = places_[index(value)];
    place.offset = planner.take(align_up(place.desc.get_size()));
  };
  std::size_t scratchpad_bytes = 0;
  take(float_input_);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    Step& step = steps_[i];
    scratchpad_bytes = std::max(scratchpad_bytes, step.scratchpad.get_size());
    const bool sums = step.residual >= 0 && !step.binary_residual;
    const bool residual_dies =
        sums && step.residual != step.source && last_use[index(step.residual)] == i;
    if (residual_dies)
      places_[index(step.output)].offset = places_[index(step.residual)].offset;
    else
      take(step.output);
    step.copies_residual = sums && !residual_dies;
    if (last_use[index(step.source)] == i) planner.give_back(places_[index(step.source)].offset);
    if (step.residual >= 0 && last_use[index(step.residual)] == i && !residual_dies)
      planner.give_back(places_[index(step.residual)].offset);
  }
  scratchpad_offset_ = align_up(planner.peak());
  arena_bytes_ = scratchpad_offset_ + align_up(scratchpad_bytes);
}

memory CompiledBatch::at(std::byte* arena, int value, const memory::desc& desc) const {
  return {desc, engine_, arena + places_[index(value)].offset};
}

CompiledBatch::Bound CompiledBatch::bind(std::byte* arena) const {
  Bound bound;
  for (const Step& step : steps_) {
    const memory output = at(arena, step.output, places_[index(step.output)].desc);
    if (step.copies_residual) {
      const memory residual = at(arena, step.residual, output.get_desc());
      bound.steps_.push_back(
          {dnnl::reorder(residual, output), {{DNNL_ARG_FROM, residual}, {DNNL_ARG_TO, output}}});
    }
    Bound::Step placed{step.primitive, {}};
    placed.arguments.insert(step.constants.begin(), step.constants.end());
    placed.arguments.emplace(DNNL_ARG_SRC, at(arena, step.source, step.source_desc));
    placed.arguments.emplace(DNNL_ARG_DST, output);
    if (step.binary_residual)
      placed.arguments.emplace(DNNL_ARG_SRC_1, at(arena, step.residual, output.get_desc()));
    placed.arguments.emplace(DNNL_ARG_SCRATCHPAD,
                             memory(step.scratchpad, engine_, arena + scratchpad_offset_));
    bound.steps_.push_back(std::move(placed));
  }
  const auto floats = [&](int value) {
    return reinterpret_cast<float*>(arena + places_[index(value)].offset);
  };
  bound.input_ = floats(float_input_);
  bound.policy_ = floats(policy_);
  bound.value_ = floats(value_);
  return bound;
}

void CompiledBatch::Bound::run(dnnl::stream& stream) {
  for (Step& step : steps_) step.primitive.execute(stream, step.arguments);
  stream.wait();
}

}  // namespace tengen::nets
