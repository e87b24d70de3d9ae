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
  int units = 16;                // of each layer
  bool peephole = false;         // of lstm: its gates see the cell
  std::string reset = "before";  // of gru, of the recurrent product: before | after (GruReset)
  int transition = 0;  // of rnn: tanh layers that the state goes through on its way to the next
  bool transition_skip = false;  // and past which it goes too (DeepTransitionRnn)
  double leaky = 0;              // leaky units behind each layer keep this share of theirs; 0: none
  bool skip = false;             // the input of a layer is added to its output
  int skip_time = 0;  // a layer sees its output of so many steps ago too (SkipTime), from 2; 0: no
};

/// The name is the cell; options as above, each only of the cells it is for.
RecurrentOptions read_recurrent(Spec& spec, RecurrentOptions defaults = {});
/// The same, and rejects any other option.
RecurrentOptions parse_recurrent(Spec& spec);
/// "rnn:layers=1,units=16,activation=tanh"; options behind these only where they are in use.
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
