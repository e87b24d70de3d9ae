#include "nets/recurrent_net.hpp"

#include <utility>
#include <vector>

#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"
#include "engine/layers/gru.hpp"
#include "engine/layers/lstm.hpp"
#include "engine/layers/rnn.hpp"
#include "engine/layers/stacked_recurrent.hpp"

namespace tengen::nets {

namespace {

RnnActivation parse_activation(const std::string& text) {
  if (text == "relu") return RnnActivation::relu;
  return text == "sigmoid" ? RnnActivation::sigmoid : RnnActivation::tanh;
}

std::unique_ptr<RecurrentLayer> make_layer(const RecurrentOptions& options, int inputs, Rng& rng) {
  if (options.cell == "lstm") return std::make_unique<Lstm>(inputs, options.units, rng);
  if (options.cell == "gru") return std::make_unique<Gru>(inputs, options.units, rng);
  return std::make_unique<Rnn>(inputs, options.units, rng, parse_activation(options.activation));
}

}  // namespace

std::unique_ptr<RecurrentLayer> make_recurrent_layers(const RecurrentOptions& options, int inputs,
                                                      Rng& rng) {
  std::vector<std::unique_ptr<RecurrentLayer>> layers;
  for (int i = 0; i < options.layers; ++i)
    layers.push_back(make_layer(options, i == 0 ? inputs : options.units, rng));
  return std::make_unique<StackedRecurrent>(std::move(layers));
}

RecurrentOptions read_recurrent(Spec& spec, RecurrentOptions options) {
  options.cell = spec.name();
  if (options.cell != "rnn" && options.cell != "lstm" && options.cell != "gru")
    bad_argument("net", "expected one of rnn, lstm, gru, got \"{}\"", options.cell);
  options.layers = spec.get_int("layers", options.layers, 1, 100);
  options.units = spec.get_int("units", options.units, 1, 65536);
  if (options.cell == "rnn")
    options.activation = spec.get_choice("activation", options.activation, "tanh|relu|sigmoid");
  return options;
}

RecurrentOptions parse_recurrent(Spec& spec) {
  const RecurrentOptions options = read_recurrent(spec);
  spec.finish();
  return options;
}

std::string to_spec(const RecurrentOptions& options) {
  const std::string activation =
      options.cell == "rnn" ? ",activation=" + options.activation : std::string();
  return fmt::format("{}:layers={},units={}{}", options.cell, options.layers, options.units,
                     activation);
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
