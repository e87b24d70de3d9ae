// Long short-term memory layer; the equations are lstm_sequence's, gates in the order i, f, g, o as
// in PyTorch (which has two biases where there is one here: their sum). State: h and c side by
// side.
#pragma once

#include "engine/layers/projected_recurrent.hpp"

namespace tengen {

struct LstmConfig {
  bool peephole = false;
  /// What the forget gate's bias starts from: 1 lets gradients through from the beginning
  /// (Jozefowicz et al. 2015); PyTorch starts from about 0.
  double forget_bias = 1;
};

class Lstm : public ProjectedRecurrent {
 public:
  /// Parameters "weight_in" [4H, D] and "weight" [4H, H], Xavier; "bias" [4H]; "peephole" [3, H],
  /// zero, if the config has it.
  Lstm(std::int64_t inputs, std::int64_t units, Rng& rng, const LstmConfig& config = {});

  /// Forget gates that keep the cell for 2 to `longest` steps (chrono_bias()), and input gates that
  /// let in as much as they forget.
  void start_remembering(double longest, Rng& rng);

  std::int64_t state_size() const override { return 2 * output_size(); }

 private:
  SequenceOutput run(const Variable& projected, const Variable& state) override;

  Variable peephole_;
};

}  // namespace tengen
