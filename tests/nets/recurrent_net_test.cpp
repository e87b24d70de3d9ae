#include "nets/recurrent_net.hpp"

#include <catch2/catch.hpp>
#include <functional>

#include "engine/layers/activation.hpp"
#include "engine/layers/gru.hpp"
#include "engine/layers/lstm.hpp"
#include "engine/layers/rnn.hpp"
#include "engine/layers/sequential.hpp"
#include "engine/layers/skip_time.hpp"
#include "engine/layers/stacked_recurrent.hpp"
#include "engine/layers/step_recurrent.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;
using Catch::Matchers::Contains;

namespace {

using Layers = std::vector<std::unique_ptr<RecurrentLayer>>;

constexpr int kUnits = 4;

RecurrentOptions options_of(const std::string& text) {
  Spec spec(text);
  return parse_recurrent(spec);
}

template <typename... Layer>
Layers list(std::unique_ptr<Layer>... layers) {
  Layers all;
  (all.push_back(std::move(layers)), ...);
  return all;
}

std::unique_ptr<RecurrentLayer> deep_transition(Rng& rng, bool skip) {
  auto transition = std::make_unique<Sequential>();
  transition->emplace<Linear>(kUnits, kUnits, rng, Linear::Init::xavier);
  transition->emplace<Tanh>();
  transition->emplace<Linear>(kUnits, kUnits, rng, Linear::Init::xavier);
  return std::make_unique<DeepTransitionRnn>(kUnits, kUnits, std::move(transition), rng, skip);
}

std::unique_ptr<RecurrentLayer> rnn(Rng& rng) { return std::make_unique<Rnn>(kUnits, kUnits, rng); }

std::unique_ptr<RecurrentLayer> leaky_rnn(Rng& rng) {
  return std::make_unique<StackedRecurrent>(
      list(rnn(rng), std::make_unique<LeakyUnits>(kUnits, 0.7)));
}

/// What a description means, made by hand.
struct Meaning {
  const char* spec;
  std::function<std::unique_ptr<RecurrentLayer>(Rng& rng)> make;
};

std::vector<Meaning> meanings() {
  const auto single = [](std::unique_ptr<RecurrentLayer> layer) {
    return std::make_unique<StackedRecurrent>(list(std::move(layer)));
  };
  const LstmConfig peephole{.peephole = true};
  return {
      {"lstm:units=4,peephole=true",
       [=](Rng& rng) { return single(std::make_unique<Lstm>(kUnits, kUnits, rng, peephole)); }},
      {"gru:units=4,reset=after",
       [=](Rng& rng) {
         return single(std::make_unique<Gru>(kUnits, kUnits, rng, GruReset::after));
       }},
      {"rnn:units=4,transition=1", [=](Rng& rng) { return single(deep_transition(rng, false)); }},
      {"rnn:units=4,transition=1,transition_skip=true",
       [=](Rng& rng) { return single(deep_transition(rng, true)); }},
      {"gru:units=4,skip_time=3",
       [=](Rng& rng) {
         return single(
             std::make_unique<SkipTime>(std::make_unique<Gru>(2 * kUnits, kUnits, rng), 3));
       }},
      {"rnn:units=4,leaky=0.7", [=](Rng& rng) { return single(leaky_rnn(rng)); }},
      {"rnn:units=4,layers=2,leaky=0.7,skip=true",
       [](Rng& rng) {
         auto lower = leaky_rnn(rng), upper = leaky_rnn(rng);
         return std::make_unique<StackedRecurrent>(list(std::move(lower), std::move(upper)), true);
       }},
  };
}

/// Equal weights for equal layers; those that start from zero would hide differences.
Tensor output_of(RecurrentLayer& layer, const Tensor& x) {
  Rng rng(5);
  for (NamedParameter& parameter : layer.parameters())
    parameter.variable.value().copy_from(
        uniform_doubles(parameter.variable.shape(), rng).to(DType::f32));
  return layer.forward(Variable(x)).y.value();
}

}  // namespace

TEST_CASE("Every option of a recurrent net is the layer it names", "[nets][recurrent][E13][E14]") {
  Rng input(1);
  const Tensor x = uniform_doubles({5, 2, kUnits}, input).to(DType::f32);
  for (const Meaning& meaning : meanings()) {
    INFO(meaning.spec);
    Rng rng(2), same(2);
    const auto named = make_recurrent_layers(options_of(meaning.spec), kUnits, rng);
    const auto by_hand = meaning.make(same);
    CHECK(relative_difference(output_of(*named, x), output_of(*by_hand, x)) == 0);
    RecurrentOptions plain = options_of(meaning.spec);
    plain = {.cell = plain.cell, .layers = plain.layers, .units = plain.units};
    const auto without = make_recurrent_layers(plain, kUnits, rng);
    CHECK(relative_difference(output_of(*named, x), output_of(*without, x)) > 1e-3);
  }
}

TEST_CASE("Descriptions of recurrent nets name the options in use", "[nets][recurrent]") {
  CHECK(to_spec(options_of("lstm")) == "lstm:layers=1,units=16");
  CHECK(to_spec(options_of("rnn")) == "rnn:layers=1,units=16,activation=tanh");
  for (const Meaning& meaning : meanings()) {
    const RecurrentOptions options = options_of(meaning.spec);
    CHECK(to_spec(options_of(to_spec(options))) == to_spec(options));
    CHECK(to_spec(options) != to_spec(options_of(options.cell + ":units=4")));
  }
  CHECK_THROWS_WITH(options_of("gru:peephole=true"), Contains("peephole"));
  CHECK_THROWS_WITH(options_of("gru:reset=never"), Contains("before"));
  CHECK_THROWS_WITH(options_of("rnn:transition=1,activation=relu"), Contains("activation"));
  CHECK_THROWS_WITH(options_of("rnn:leaky=1.5"), Contains("leaky"));
  CHECK_THROWS_WITH(options_of("rnn:skip_time=1"), Contains("at least 2"));
}
