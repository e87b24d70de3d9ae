#include "nets/inference/inference_plan.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <new>

#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"
#include "nets/inference/compiled_batch.hpp"
#include "nets/inference/int8_graph.hpp"

namespace tengen::nets {

namespace {

/// Powers of two, and the midpoints between them from 16 on: padding wastes at most a third.
std::vector<int> bucket_sizes(int max_batch) {
  std::vector<int> sizes;
  for (int size = 1; size < max_batch; size *= 2) {
    sizes.push_back(size);
    if (size >= 16 && size * 3 / 2 < max_batch) sizes.push_back(size * 3 / 2);
  }
  sizes.push_back(max_batch);
  return sizes;
}

struct AlignedFree {
  void operator()(std::byte* bytes) const { ::operator delete[](bytes, std::align_val_t(64)); }
};
using Arena = std::unique_ptr<std::byte[], AlignedFree>;

Arena make_arena(std::size_t bytes) {
  return Arena(static_cast<std::byte*>(::operator new[](bytes, std::align_val_t(64))));
}

const PlanOp& op_making(const PlanGraph& graph, int value, const char* what) {
  for (const PlanOp& op : graph.ops)
    if (op.output == value) return op;
  bad_argument("inference_plan", "expected an op that makes the {}, found none", what);
}

/// The graph, if all results that it names are made.
const PlanGraph& checked(const PlanGraph& graph) {
  op_making(graph, graph.policy_logits, "policy logits");
  if (graph.value >= 0) op_making(graph, graph.value, "value");
  return graph;
}

}  // namespace

struct InferencePlan::Impl {
  Impl(const PlanGraph& net, Precision p, int max_batch, const Calibration& calibration,
       int num_threads)
      : graph(p == Precision::int8 ? int8_graph(checked(net)) : checked(net)),
        precision(p),
        threads(num_threads),
        formats(value_formats(graph, precision, calibration, default_precision())),
        sizes(bucket_sizes(max_batch)),
        compiled(sizes.size()),
        weights(engine),
        actions(op_making(graph, graph.policy_logits, "policy logits").out_channels) {}

  /// Compiled on first use; afterwards only read.
  const CompiledBatch& bucket(std::size_t index) const {
    std::lock_guard lock(mutex);
    compile(index);
    return *compiled[index];
  }

  /// Returns whether there was something to compile. The caller holds the lock, and has set
  /// `threads`: oneDNN divides the work of some primitives among those that there are when they are
  /// made, of others among those that there are when they run.
  bool compile(std::size_t index) const {
    if (compiled[index]) return false;
    compiled[index] =
        std::make_unique<CompiledBatch>(graph, formats, sizes[index], engine, weights);
    return true;
  }

  /// The index of the smallest bucket that holds the batch.
  std::size_t bucket_for(int batch) const {
    if (batch < 1 || batch > sizes.back())
      bad_argument("inference_plan", "expected a batch from 1 to {}, got {}", sizes.back(), batch);
    return static_cast<std::size_t>(std::ranges::lower_bound(sizes, batch) - sizes.begin());
  }

  const PlanGraph graph;
  const Precision precision;
  const int threads;                       // that compute one batch
  const std::vector<ValueFormat> formats;  // by value number
  const std::vector<int> sizes;            // of the buckets, increasing
  const dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  mutable std::mutex mutex;  // guards compiled and weights
  mutable std::vector<std::unique_ptr<CompiledBatch>> compiled;
  mutable WeightStore weights;
  const int actions;
};

/// One arena serves all buckets, since they run one after the other; it grows with the largest
/// used.
struct InferencePlan::Scratch::Impl {
  explicit Impl(const dnnl::engine& engine) : stream(engine) {}

  CompiledBatch::Bound& bound(std::size_t index, const InferencePlan::Impl& plan) {
    const auto found = bounds.find(index);
    if (found != bounds.end()) return found->second;
    const CompiledBatch& compiled = plan.bucket(index);
    if (compiled.arena_bytes() > arena_bytes) {
      arena_bytes = compiled.arena_bytes();
      arena = make_arena(arena_bytes);
      bounds.clear();
    }
    return bounds.emplace(index, compiled.bind(arena.get())).first->second;
  }

  dnnl::stream stream;
  Arena arena;
  std::size_t arena_bytes = 0;
  std::map<std::size_t, CompiledBatch::Bound> bounds;  // by bucket index, placed in the arena
};

InferencePlan::Scratch::Scratch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
InferencePlan::Scratch::~Scratch() = default;

InferencePlan::InferencePlan(const PlanGraph& graph, Precision precision, int max_batch,
                             const Calibration& calibration, int threads) {
  if (max_batch < 1 || threads < 1)
    bad_argument("inference_plan", "expected max_batch and threads >= 1, got {} and {}", max_batch,
                 threads);
  if (!is_supported(precision))
    bad_argument("inference_plan", "{} needs {}, which this CPU lacks; use fp32",
                 to_string(precision), requirement(precision));
  impl_ = std::make_unique<Impl>(graph, precision, max_batch, calibration, threads);
}
InferencePlan::~InferencePlan() = default;
InferencePlan::InferencePlan(InferencePlan&&) noexcept = default;
InferencePlan& InferencePlan::operator=(InferencePlan&&) noexcept = default;

int InferencePlan::max_batch() const { return impl_->sizes.back(); }
int InferencePlan::observation_size() const {
  return impl_->graph.height * impl_->graph.width * impl_->graph.channels;
}
int InferencePlan::num_actions() const { return impl_->actions; }
Precision InferencePlan::precision() const { return impl_->precision; }
bool InferencePlan::has_integers() const {
  return std::ranges::any_of(impl_->formats, &ValueFormat::is_integer);
}

std::unique_ptr<InferencePlan::Scratch> InferencePlan::make_scratch() const {
  return std::unique_ptr<Scratch>(new Scratch(std::make_unique<Scratch::Impl>(impl_->engine)));
}

int InferencePlan::prepare(int batch) const {
  const kernels::ScopedThreads threads(impl_->threads);
  const std::lock_guard lock(impl_->mutex);
  int compiled = 0;
  for (std::size_t i = 0; i <= impl_->bucket_for(batch); ++i) compiled += impl_->compile(i);
  return compiled;
}

void InferencePlan::evaluate(int batch, std::span<const float> observations,
                             std::span<float> policy_logits, std::span<float> values,
                             Scratch& scratch) const {
  const std::size_t n = static_cast<std::size_t>(batch);
  const std::size_t bucket = impl_->bucket_for(batch);
  const bool has_value = impl_->graph.value >= 0;
  if (observations.size() < n * static_cast<std::size_t>(observation_size()) ||
      policy_logits.size() < n * static_cast<std::size_t>(num_actions()) ||
      (has_value && values.size() < n))
    bad_argument("inference_plan", "expected room for {} positions, got spans of {}, {} and {}",
                 batch, observations.size(), policy_logits.size(), values.size());

  const kernels::ScopedThreads threads(impl_->threads);
  CompiledBatch::Bound& bound = scratch.impl_->bound(bucket, *impl_);
  bound.write_input(observations.first(n * static_cast<std::size_t>(observation_size())));
  bound.run(scratch.impl_->stream);
  std::copy_n(bound.policy_logits(), n * static_cast<std::size_t>(num_actions()),
              policy_logits.begin());
  if (!has_value) return;
  std::copy_n(bound.value(), n, values.begin());
  if (const int plane = impl_->graph.first_player_plane; plane >= 0)
    for (std::size_t i = 0; i < n; ++i)
      values[i] *=
          value_sign(&observations[i * static_cast<std::size_t>(observation_size())], plane);
}

}  // namespace tengen::nets
