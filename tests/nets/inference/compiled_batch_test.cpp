#include "nets/inference/compiled_batch.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <new>

#include "nets/inference/int8_graph.hpp"
#include "nets/inference/reference_plan.hpp"
#include "nets/policy_value_net.hpp"
#include "tests/support/net_fixtures.hpp"

namespace tengen::nets {
namespace {

constexpr int kBatch = 4, kPositions = 3, kActions = 31;

struct Answers {
  std::vector<float> logits, values;
  friend bool operator==(const Answers&, const Answers&) = default;
};

/// What a plan answers in an arena whose bytes were all `filling` before.
Answers run_in(const CompiledBatch& batch, dnnl::stream stream, std::byte filling,
               std::span<const float> observations) {
  const std::align_val_t alignment{64};
  auto* const arena = static_cast<std::byte*>(::operator new(batch.arena_bytes(), alignment));
  std::memset(arena, std::to_integer<int>(filling), batch.arena_bytes());
  auto bound = batch.bind(arena);
  bound.write_input(observations);
  bound.run(stream);
  const float* logits = bound.policy_logits();
  const float* values = bound.value();
  Answers answers{{logits, logits + kPositions * kActions}, {values, values + kPositions}};
  ::operator delete(arena, alignment);
  return answers;
}

constexpr NetIo kIo{5, 6, 4, kActions};
constexpr const char* kSpecs[] = {
    "resnet:blocks=2,channels=16", "resnet:blocks=2,channels=16,block=preact",
    "resnet:blocks=2,channels=20,block=bottleneck_preact", "mlp:layers=2,hidden=24"};

/// Of a net that looks trained.
PlanGraph make_graph(const char* spec, Rng& rng) {
  const auto net = make_net(spec, kIo, rng);
  test::randomize_norms_and_biases(*net, rng);
  net->eval();
  return net->graph();
}

Tensor make_observations(int positions, Rng& rng) {
  return test::uniform_floats({positions, kIo.height, kIo.width, kIo.channels}, rng, 0);
}

double largest_difference(std::span<const float> a, std::span<const float> b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    REQUIRE(std::isfinite(a[i]));
    largest = std::max<double>(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

TEST_CASE("A compiled batch reads nothing that it has not written", "[nets][inference]") {
  for (const char* spec : kSpecs) {
    Rng rng(11);
    const PlanGraph graph = make_graph(spec, rng);
    const Tensor x = make_observations(kPositions, rng);
    const std::span<const float> observations = x.values<float>();
    const Calibration calibration = calibrate(graph, observations, kPositions);
    for (const Precision precision : {Precision::fp32, Precision::bf16, Precision::int8}) {
      if (!is_supported(precision)) continue;
      INFO(spec << " " << to_string(precision));
      const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
      WeightStore weights(engine);
      const PlanGraph compiled = precision == Precision::int8 ? int8_graph(graph) : graph;
      const CompiledBatch batch(compiled,
                                value_formats(compiled, precision, calibration, Precision::fp32),
                                kBatch, engine, weights);
      // 0xff bytes are NaN as float and as bf16, and the largest u8.
      const dnnl::stream stream(engine);
      CHECK(run_in(batch, stream, std::byte{0xff}, observations) ==
            run_in(batch, stream, std::byte{0}, observations));
    }
  }
}

TEST_CASE("An int8 plan whose floats are bf16 stays within 0.05 of policy probability and value",
          "[nets][inference]") {
  if (!is_supported(Precision::bf16)) {
    WARN("SKIPPED: this CPU has no " << requirement(Precision::bf16));
    return;
  }
  const double bound = has_exact_int8() ? 0.05 : 0.1;  // as in inference_plan_test.cpp
  for (const char* spec : kSpecs) {
    INFO(spec);
    Rng rng(12);
    const PlanGraph net = make_graph(spec, rng), graph = int8_graph(net);
    const Tensor samples = make_observations(40, rng), x = make_observations(kPositions, rng);
    const auto formats = value_formats(
        graph, Precision::int8, calibrate(net, samples.values<float>(), 40), Precision::bf16);
    CHECK(formats[0].type == dnnl::memory::data_type::bf16);
    const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    WeightStore weights(engine);
    const CompiledBatch batch(graph, formats, kBatch, engine, weights);
    const Answers got = run_in(batch, dnnl::stream(engine), std::byte{0xff}, x.values<float>());
    const ReferenceEvaluation want = evaluate_reference(graph, x);
    CHECK(largest_difference(got.values, want.value.values<float>()) < bound);
    const auto policy = [](std::span<const float> logits) {
      const Tensor plain = Tensor::from<float>({kPositions, kActions}, logits);
      return kernels::onednn().softmax(plain);
    };
    CHECK(largest_difference(policy(got.logits).values<float>(),
                             policy(want.policy_logits.values<float>()).values<float>()) < bound);
  }
}

}  // namespace
}  // namespace tengen::nets
