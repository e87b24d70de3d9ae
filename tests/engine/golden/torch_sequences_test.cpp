// Recurrent layers, attention and transformer blocks against PyTorch: forward, and the gradients of
// inputs and parameters. The file is made by tools/make_torch_golden.py, which also turns PyTorch's
// parameters into Tengen's (one bias where it has two; the update gate of the GRU negated).
#include <functional>
#include <map>
#include <memory>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/layers/bidirectional.hpp"
#include "engine/layers/gru.hpp"
#include "engine/layers/lstm.hpp"
#include "engine/layers/rnn.hpp"
#include "engine/layers/stacked_recurrent.hpp"
#include "engine/layers/transformer.hpp"
#include "tests/support/golden_case.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

using Activation = TransformerOptions::Activation;

/// A module and how it is applied to x and, where there is one, a source.
struct Applied {
  std::unique_ptr<Module> module;
  std::function<Variable(const Variable& x, const Variable& source)> forward;
  bool has_source = false;
};

/// `apply` gets the module and the inputs.
template <typename M, typename F>
Applied applied(std::unique_ptr<M> module, F apply, bool has_source = false) {
  M* const m = module.get();
  return {std::move(module),
          [m, apply](const Variable& x, const Variable& source) { return apply(*m, x, source); },
          has_source};
}

constexpr auto kRecurrent = [](RecurrentLayer& layer, const Variable& x, const Variable&) {
  return layer.forward(x).y;
};
Tensor source_mask(DType dtype) { return padding_mask({5, 3}, 4, 5, dtype); }

TransformerOptions options(bool pre_norm) {
  return {.width = 8,
          .heads = 2,
          .hidden = 6,
          .activation = pre_norm ? Activation::gelu : Activation::relu,
          .pre_norm = pre_norm};
}

Applied encoder_block(bool pre_norm, Rng& rng) {
  return applied(std::make_unique<TransformerEncoderBlock>(options(pre_norm), rng),
                 [](auto& block, const Variable& x, const Variable&) {
                   return block.forward(x, causal_mask(4, 4, x.dtype()));
                 });
}

Applied decoder_block(bool pre_norm, Rng& rng) {
  return applied(
      std::make_unique<TransformerDecoderBlock>(options(pre_norm), rng),
      [](auto& block, const Variable& x, const Variable& source) {
        return block.forward(x, source, causal_mask(4, 4, x.dtype()), source_mask(x.dtype()));
      },
      true);
}

Applied rnn(RnnActivation activation, Rng& rng) {
  return applied(std::make_unique<Rnn>(3, 5, rng, activation), kRecurrent);
}

Applied bidirectional_lstm(Rng& rng) {
  return applied(std::make_unique<Bidirectional>(std::make_unique<Lstm>(3, 5, rng),
                                                 std::make_unique<Lstm>(3, 5, rng)),
                 kRecurrent);
}

Applied gru_of_two_layers(Rng& rng) {
  std::vector<std::unique_ptr<RecurrentLayer>> layers;
  for (const std::int64_t inputs : {3, 5})
    layers.push_back(std::make_unique<Gru>(inputs, 5, rng, GruReset::after));
  return applied(std::make_unique<StackedRecurrent>(std::move(layers)), kRecurrent);
}

std::map<std::string, std::function<Applied(Rng&)>> cases() {
  return {
      {"rnn_tanh", [](Rng& rng) { return rnn(RnnActivation::tanh, rng); }},
      {"rnn_relu", [](Rng& rng) { return rnn(RnnActivation::relu, rng); }},
      {"bidirectional_lstm", bidirectional_lstm},
      {"gru_of_two_layers", gru_of_two_layers},
      {"lstm", [](Rng& rng) { return applied(std::make_unique<Lstm>(3, 5, rng), kRecurrent); }},
      {"gru",
       [](Rng& rng) {
         return applied(std::make_unique<Gru>(3, 5, rng, GruReset::after), kRecurrent);
       }},
      {"multi_head_attention",
       [](Rng& rng) {
         return applied(
             std::make_unique<MultiHeadAttention>(8, 2, rng),
             [](auto& attention, const Variable& x, const Variable& source) {
               return attention.forward(x, source, source_mask(x.dtype()));
             },
             true);
       }},
      {"transformer_encoder_pre_norm", [](Rng& rng) { return encoder_block(true, rng); }},
      {"transformer_encoder_post_norm", [](Rng& rng) { return encoder_block(false, rng); }},
      {"transformer_decoder_pre_norm", [](Rng& rng) { return decoder_block(true, rng); }},
      {"transformer_decoder_post_norm", [](Rng& rng) { return decoder_block(false, rng); }},
  };
}

void compare(const Applied& applied, const GoldenCase& golden, DType dtype) {
  applied.module->to(dtype);
  for (NamedParameter& parameter : applied.module->parameters())
    parameter.variable.value().copy_from(golden["parameter." + parameter.name].to(dtype));
  const Variable x(golden["input.x"].to(dtype), true);
  const Variable source =
      applied.has_source ? Variable(golden["input.source"].to(dtype), true) : Variable();
  const Variable y = applied.forward(x, source);
  golden.check("output", y.value());
  sum(multiply(y, Variable(golden["output_gradient"].to(dtype)))).backward();
  golden.check("input_gradient.x", x.grad());
  if (applied.has_source) golden.check("input_gradient.source", source.grad());
  for (const NamedParameter& parameter : applied.module->parameters()) {
    // The bias of the keys shifts all scores of a query alike: its gradient is zero but for noise.
    if (parameter.name.ends_with("key.bias")) continue;
    golden.check("gradient." + parameter.name, parameter.variable.grad());
  }
}

}  // namespace

TEST_CASE("Every sequence layer agrees with PyTorch in float and in double",
          "[layers][golden][E6][E8][E11][E13][E22]") {
  const GoldenFile file("torch/sequences.safetensors");
  for (const auto& [name, make] : cases())
    for (DType dtype : {DType::f32, DType::f64}) {
      Rng rng(1);
      compare(make(rng), GoldenCase(file, name), dtype);
    }
}

TEST_CASE("Every sequence layer in PyTorch's file is compared", "[layers][golden]") {
  std::set<std::string> compared;
  for (const auto& [name, make] : cases()) compared.insert(name);
  CHECK(GoldenFile("torch/sequences.safetensors").cases() == compared);
}
