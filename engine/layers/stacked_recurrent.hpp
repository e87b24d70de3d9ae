// Recurrent layers on top of each other, each fed with the outputs of the one below (deep
// recurrence; Graves 2013). State: the states of all, side by side. Children are named "0", "1",
// ...
#pragma once

#include <memory>
#include <vector>

#include "engine/layers/recurrent_layer.hpp"

namespace tengen {

class StackedRecurrent : public RecurrentLayer {
 public:
  /// At least one layer, and each fits the one below. With `skip` the input of a layer is added to
  /// its output where their sizes agree (a residual connection at every step).
  explicit StackedRecurrent(std::vector<std::unique_ptr<RecurrentLayer>> layers, bool skip = false);

  std::int64_t input_size() const override { return layers_.front()->input_size(); }
  std::int64_t output_size() const override { return layers_.back()->output_size(); }
  std::int64_t state_size() const override;
  using RecurrentLayer::forward;
  SequenceOutput forward(const Variable& x, const Variable& state) override;
  using RecurrentLayer::forward_tokens;
  SequenceOutput forward_tokens(const Variable& table, const Tensor& tokens,
                                const Variable& state) override;

 private:
  Variable lowest_state(const Variable& state) const;
  /// The layers above the lowest one, on what that one gave.
  SequenceOutput go_up(const SequenceOutput& lowest, const Variable& state);
  Variable skipped(const Variable& y, const Variable& x) const;

  std::vector<std::unique_ptr<RecurrentLayer>> layers_;
  bool skip_;
};

}  // namespace tengen
