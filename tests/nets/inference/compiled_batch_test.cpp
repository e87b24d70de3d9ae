#include "nets/inference/compiled_batch.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <new>

#include "nets/inference/int8_graph.hpp"
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

TEST_CASE("A compiled batch reads nothing that it has not written", "[nets][inference]") {
  const NetIo io{5, 6, 4, kActions};
  for (const char* spec :
       {"resnet:blocks=2,channels=16", "resnet:blocks=2,channels=16,block=preact",
        "resnet:blocks=2,channels=20,block=bottleneck_preact", "mlp:layers=2,hidden=24"}) {
    Rng rng(11);
    const auto net = make_net(spec, io, rng);
    test::randomize_norms_and_biases(*net, rng);
    net->eval();
    const PlanGraph graph = net->graph();
    const Tensor x = test::uniform_floats({kPositions, io.height, io.width, io.channels}, rng, 0);
    const std::span<const float> observations = x.values<float>();
    const Calibration calibration = calibrate(graph, observations, kPositions);
    for (const Precision precision : {Precision::fp32, Precision::bf16, Precision::int8}) {
      if (!is_supported(precision)) continue;
      INFO(spec << " " << to_string(precision));
      const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
      WeightStore weights(engine);
      const PlanGraph compiled = precision == Precision::int8 ? int8_graph(graph) : graph;
      const CompiledBatch batch(compiled, value_formats(compiled, precision, calibration), kBatch,
                                engine, weights);
      // 0xff bytes are NaN as float and as bf16, and the largest u8.
      const dnnl::stream stream(engine);
      CHECK(run_in(batch, stream, std::byte{0xff}, observations) ==
            run_in(batch, stream, std::byte{0}, observations));
    }
  }
}

}  // namespace
}  // namespace tengen::nets
