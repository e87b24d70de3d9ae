#include "nets/recurrent_net.hpp"

#include <utility>
#include <vector>

#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"
#include "engine/layers/activation.hpp"
#include "engine/layers/gru.hpp"
#include "engine/layers/lstm.hpp"
#include "engine/layers/rnn.hpp"
#include "engine/layers/sequential.hpp"
#include "engine/layers/skip_time.hpp"
#include "engine/layers/stacked_recurrent.hpp"
#include "engine/layers/step_recurrent.hpp"

namespace tengen::nets {

namespace {

RnnActivation parse_activation(const std::string& text) {
  if (text == "relu") return RnnActivation::relu;
  return text == "sigmoid" ? RnnActivation::sigmoid : RnnActivation::tanh;
}

/// As many tanh layers and a linear one, [N, units] -> [N, units].
std::unique_ptr<Layer> make_transition(const RecurrentOptions& options, Rng& rng) {
  auto transition = std::make_unique<Sequential>();
  for (int i = 0; i < options.transition; ++i) {
    transition->emplace<Linear>(options.units, options.units, rng, Linear::Init::xavier);
    transition->emplace<Tanh>();
  }
  transition->emplace<Linear>(options.units, options.units, rng, Linear::Init::xavier);
  return transition;
}

std::unique_ptr<RecurrentLayer> make_cell(const RecurrentOptions& options, int inputs, Rng& rng) {
  if (options.cell == "lstm")
    return std::make_unique<Lstm>(inputs, options.units, rng,
                                  LstmConfig{.peephole = options.peephole});
  if (options.cell == "gru")
    return std::make_unique<Gru>(inputs, options.units, rng,
                                 options.reset == "after" ? GruReset::after : GruReset::before);
  if (options.transition > 0)
    return std::make_unique<DeepTransitionRnn>(inputs, options.units, make_transition(options, rng),
                                               rng, options.transition_skip);
  return std::make_unique<Rnn>(inputs, options.units, rng, parse_activation(options.activation));
}

std::unique_ptr<RecurrentLayer> make_layer(const RecurrentOptions& options, int inputs, Rng& rng) {
  std::unique_ptr<RecurrentLayer> cell =
      make_cell(options, options.skip_time > 0 ? inputs + options.units : inputs, rng);
  if (options.skip_time > 0) cell = std::make_unique<SkipTime>(std::move(cell), options.skip_time);
  if (options.leaky == 0) return cell;
  std::vector<std::unique_ptr<RecurrentLayer>> both;
  both.push_back(std::move(cell));
  both.push_back(std::make_unique<LeakyUnits>(options.units, options.leaky));
  return std::make_unique<StackedRecurrent>(std::move(both));
}

/// A deep transition has activations of its own.
void read_rnn(Spec& spec, RecurrentOptions& options) {
  options.transition = spec.get_int("transition", options.transition, 0, 100);
  if (options.transition > 0)
    options.transition_skip = spec.get_bool("transition_skip", options.transition_skip);
  else
    options.activation = spec.get_choice("activation", options.activation, "tanh|relu|sigmoid");
}

}  // namespace

std::unique_ptr<RecurrentLayer> make_recurrent_layers(const RecurrentOptions& options, int inputs,
                                                      Rng& rng) {
  std::vector<std::unique_ptr<RecurrentLayer>> layers;
  for (int i = 0; i < options.layers; ++i)
    layers.push_back(make_layer(options, i == 0 ? inputs : options.units, rng));
  return std::make_unique<StackedRecurrent>(std::move(layers), options.skip);
}

RecurrentOptions read_recurrent(Spec& spec, RecurrentOptions options) {
  options.cell = spec.name();
  if (options.cell != "rnn" && options.cell != "lstm" && options.cell != "gru")
    bad_argument("net", "expected one of rnn, lstm, gru, got \"{}\"", options.cell);
  options.layers = spec.get_int("layers", options.layers, 1, 100);
  options.units = spec.get_int("units", options.units, 1, 65536);
  if (options.cell == "lstm") options.peephole = spec.get_bool("peephole", options.peephole);
  if (options.cell == "gru")
    options.reset = spec.get_choice("reset", options.reset, "before|after");
  if (options.cell == "rnn") read_rnn(spec, options);
  options.leaky = spec.get_double("leaky", options.leaky, 0, 0.9999);
  options.skip = spec.get_bool("skip", options.skip);
  options.skip_time = spec.get_int("skip_time", options.skip_time, 0, 65536);
  if (options.skip_time == 1)
    bad_argument("net", "expected skip_time=0 or at least 2, as every state is of 1 step ago");
  return options;
}

RecurrentOptions parse_recurrent(Spec& spec) {
  const RecurrentOptions options = read_recurrent(spec);
  spec.finish();
  return options;
}

std::string to_spec(const RecurrentOptions& options) {
  std::string text =
      fmt::format("{}:layers={},units={}", options.cell, options.layers, options.units);
  if (options.transition > 0)
    text += fmt::format(",transition={},transition_skip={}", options.transition,
                        options.transition_skip);
  else if (options.cell == "rnn")
    text += ",activation=" + options.activation;
  if (options.peephole) text += ",peephole=true";
  if (options.reset == "after") text += ",reset=after";
  if (options.leaky > 0) text += fmt::format(",leaky={}", options.leaky);
  if (options.skip) text += ",skip=true";
  if (options.skip_time > 0) text += fmt::format(",skip_time={}", options.skip_time);
  return text;
}

RecurrentNet::RecurrentNet(const RecurrentOptions& options, int inputs, int outputs, Rng& rng)
    : recurrent_(make_recurrent_layers(options, inputs, rng)),
      output_(options.units, outputs, rng, Linear::Init::xavier) {
  register_child("recurrent", *recurrent_);
  register_child("output", output_);
}

Variable RecurrentNet::forward(const Variable& x) {
  const Variable y = recurrent_->forward(x).y;
  const std::int64_t steps = y.shape()[0], batch = y.shape()[1];
  const Variable rows = output_.forward(reshape(y, {steps * batch, y.shape()[2]}));
  return reshape(rows, {steps, batch, rows.shape()[1]});
}

}  // namespace tengen::nets
