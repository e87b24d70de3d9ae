// A recurrent net that answers at every step: recurrent layers on top of each other, then one
// linear layer for each step's output. [T, N, inputs] -> [T, N, outputs].
#pragma once

#include <memory>
#include <string>

#include "engine/base/spec.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/recurrent_layer.hpp"

namespace tengen::nets {

struct RecurrentOptions {
  std::string cell = "rnn";         // rnn | lstm | gru
  std::string activation = "tanh";  // of rnn: tanh | relu | sigmoid
  int layers = 1;
  int units = 16;  // of each layer
};

/// The name is the cell; options layers, units and (of rnn) activation.
RecurrentOptions read_recurrent(Spec& spec, RecurrentOptions defaults = {});
/// The same, and rejects any other option.
RecurrentOptions parse_recurrent(Spec& spec);
/// "rnn:layers=1,units=16,activation=tanh"
std::string to_spec(const RecurrentOptions& options);

/// The recurrent layers on top of each other, [T, N, inputs] -> [T, N, units].
std::unique_ptr<RecurrentLayer> make_recurrent_layers(const RecurrentOptions& options, int inputs,
                                                      Rng& rng);

class RecurrentNet : public Module {
 public:
  /// Children "recurrent.0", "recurrent.1", ... and "output".
  RecurrentNet(const RecurrentOptions& options, int inputs, int outputs, Rng& rng);

  /// From the zero state.
  Variable forward(const Variable& x);

 private:
  std::unique_ptr<RecurrentLayer> recurrent_;
  Linear output_;
};

}  // namespace tengen::nets
