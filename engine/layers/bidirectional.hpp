// Two recurrent layers over one sequence, one of them from its end (Schuster and Paliwal 1997);
// their outputs side by side, so that every step has seen the whole sequence. State: that of the
// forward layer, then that of the backward layer (which has been at the first step last).
// Limit: a sequence must be given whole; in pieces the backward layer would not see what follows.
#pragma once

#include <memory>

#include "engine/layers/recurrent_layer.hpp"

namespace tengen {

class Bidirectional : public RecurrentLayer {
 public:
  /// Two layers of the same input size. Children "forward" and "backward".
  Bidirectional(std::unique_ptr<RecurrentLayer> forward, std::unique_ptr<RecurrentLayer> backward);

  std::int64_t input_size() const override { return forward_->input_size(); }
  std::int64_t output_size() const override;
  std::int64_t state_size() const override;
  using RecurrentLayer::forward;
  SequenceOutput forward(const Variable& x, const Variable& state) override;

 private:
  std::unique_ptr<RecurrentLayer> forward_, backward_;
};

}  // namespace tengen
