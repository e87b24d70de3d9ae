#include "nets/inference/compiled_batch.hpp"

#include <algorithm>
#include <cstring>

#include "engine/base/check.hpp"
#include "nets/inference/arena_planner.hpp"

namespace tengen::nets {

using dnnl::memory;
using Tag = memory::format_tag;

namespace {

std::size_t index(int value) { return static_cast<std::size_t>(value); }

/// By value number: the index of the last op that reads it; results are never read for the last
/// time.
std::vector<std::size_t> last_uses(const PlanGraph& graph, std::size_t values) {
  std::vector<std::size_t> last(values, 0);
  for (std::size_t i = 0; i < graph.ops.size(); ++i)
    for (const int value : {graph.ops[i].input, graph.ops[i].residual})
      if (value >= 0) last[index(value)] = i;
  for (const int result : {graph.policy_logits, graph.value})
    if (result >= 0) last[index(result)] = graph.ops.size();
  return last;
}

bool sums_in_place(const PlanOp& op) { return op.kind == PlanOp::Kind::conv && op.residual >= 0; }

}  // namespace

CompiledBatch::CompiledBatch(const PlanGraph& graph, const std::vector<ValueFormat>& formats,
                             int batch, const dnnl::engine& engine, WeightStore& weights)
    : batch_(batch), policy_(graph.policy_logits), value_(graph.value) {
  lay_out(graph, formats);
  const std::vector<std::size_t> last_use = last_uses(graph, layouts_.size());
  offsets_.resize(layouts_.size());
  ArenaPlanner planner;
  const auto take = [&](int value) {
    offsets_[index(value)] = planner.take(layouts_[index(value)].desc.get_size());
  };
  take(0);
  for (std::size_t i = 0; i < graph.ops.size(); ++i) {
    const PlanOp& op = graph.ops[i];
    const bool in_place =
        sums_in_place(op) && op.residual != op.input && last_use[index(op.residual)] == i &&
        layouts_[index(op.residual)].format.type == layouts_[index(op.output)].format.type;
    if (in_place)
      offsets_[index(op.output)] = offsets_[index(op.residual)];
    else
      take(op.output);
    for (const int value : {op.input, op.residual})
      if (value >= 0 && last_use[index(value)] == i && !(in_place && value == op.residual))
        planner.give_back(offsets_[index(value)]);
    add_op(op, in_place, engine, weights);
  }
  scratch_offset_ = planner.peak();
  for (const Step& step : steps_)
    scratch_bytes_ = std::max(scratch_bytes_, ArenaPlanner::aligned(step.op->scratch_bytes()));
}

void CompiledBatch::lay_out(const PlanGraph& graph, const std::vector<ValueFormat>& formats) {
  layouts_.resize(formats.size());
  const auto image = [&](int height, int width, int channels, const ValueFormat& format) {
    return ValueLayout{{{batch_, channels, height, width}, format.type, Tag::nhwc}, format};
  };
  layouts_[0] = image(graph.height, graph.width, graph.channels, formats[0]);
  for (const PlanOp& op : graph.ops) {
    const ValueFormat& format = formats[index(op.output)];
    const bool is_vector = op.kind == PlanOp::Kind::dense || op.kind == PlanOp::Kind::global_pool ||
                           layouts_[index(op.input)].desc.dims().size() == 2;
    layouts_[index(op.output)] =
        is_vector ? ValueLayout{{{batch_, op.out_channels}, format.type, Tag::nc}, format}
                  : image(op.out_height, op.out_width, op.out_channels, format);
  }
}

void CompiledBatch::add_op(const PlanOp& op, bool in_place, const dnnl::engine& engine,
                           WeightStore& weights) {
  const ValueLayout& input = layouts_[index(op.input)];
  const ValueLayout& output = layouts_[index(op.output)];
  OpContext context{engine, weights, input, output};
  if (op.residual >= 0) context.residual = layouts_[index(op.residual)];
  if (in_place)
    context.residual_scale = layouts_[index(op.residual)].format.step / output.format.step;
  std::unique_ptr<CompiledOp> compiled = compile(op, context);
  if (op.residual >= 0 && !in_place && !compiled->reads_residual())
    steps_.push_back(
        {compile_copy(layouts_[index(op.residual)], output, engine), op.residual, -1, op.output});
  steps_.push_back({std::move(compiled), op.input, op.residual, op.output});
}

CompiledBatch::Bound CompiledBatch::bind(std::byte* arena) const {
  const auto at = [&](int value) { return value < 0 ? nullptr : arena + offsets_[index(value)]; };
  Bound bound;
  for (const Step& step : steps_)
    bound.ops_.push_back(step.op->bind(
        {at(step.input), at(step.residual), at(step.output), arena + scratch_offset_}));
  bound.input_ = at(0);
  bound.input_bytes_ = layouts_[0].desc.get_size();
  bound.input_type_ = layouts_[0].format.type;
  bound.policy_ = reinterpret_cast<const float*>(at(policy_));
  bound.value_ = reinterpret_cast<const float*>(at(value_));
  return bound;
}

void CompiledBatch::Bound::write_input(std::span<const float> observations) {
  const std::size_t bytes = observations.size() * memory::data_type_size(input_type_);
  DCHECK(bytes <= input_bytes_);
  store_values(observations.data(), observations.size(), input_type_, input_);
  std::memset(input_ + bytes, 0, input_bytes_ - bytes);
}

void CompiledBatch::Bound::run(dnnl::stream& stream) {
  for (const std::unique_ptr<BoundOp>& op : ops_) op->run(stream);
  stream.wait();
}

}  // namespace tengen::nets
