// Connections that skip time: beside the state of one step ago, a layer is fed with its own output
// of `delay` steps ago, h_t = f(W x_t + V h_{t-delay} + U h_{t-1} + b) (Lin et al. 1996; Goodfellow
// et al. 2016, section 10.9.1). Gradients then reach `delay` times as far back in as many steps.
//
// Any recurrent layer takes them as more inputs. Within `delay` steps nothing that is fed back is
// new, so the layer runs over that many at once. State: that of the layer, then its last `delay`
// outputs, the oldest first.
#pragma once

#include <memory>

#include "engine/layers/recurrent_layer.hpp"

namespace tengen {

class SkipTime : public RecurrentLayer {
 public:
  /// `layer` takes the inputs and, behind them, its own outputs; delay >= 2. Child "layer".
  SkipTime(std::unique_ptr<RecurrentLayer> layer, std::int64_t delay);

  std::int64_t input_size() const override { return layer_->input_size() - layer_->output_size(); }
  std::int64_t output_size() const override { return layer_->output_size(); }
  std::int64_t state_size() const override {
    return layer_->state_size() + delay_ * layer_->output_size();
  }
  using RecurrentLayer::forward;
  SequenceOutput forward(const Variable& x, const Variable& state) override;

 private:
  const std::unique_ptr<RecurrentLayer> layer_;
  const std::int64_t delay_;
};

}  // namespace tengen
