// Recurrent layers written as one step of plain ops; the base class unrolls it over time. For
// recurrences that have no fused op: leaky units, deep transitions, your own.
#pragma once

#include <memory>

#include "engine/base/random.hpp"
#include "engine/layers/recurrent_layer.hpp"
#include "engine/layers/sequential.hpp"

namespace tengen {

/// The output of a step is its state, [N, H].
class StepRecurrent : public RecurrentLayer {
 public:
  std::int64_t state_size() const override { return output_size(); }
  using RecurrentLayer::forward;
  SequenceOutput forward(const Variable& x, const Variable& state) override;

  /// x [N, D], state [N, H] -> the next state [N, H].
  virtual Variable step(const Variable& x, const Variable& state) = 0;
};

/// Leaky units h_t = a h_{t-1} + (1 - a) x_t: a moving average of each input, with a memory of
/// about 1 / (1 - a) steps (Mozer 1992; Jaeger et al. 2007). No parameters.
class LeakyUnits : public StepRecurrent {
 public:
  /// 0 <= a <= 1.
  LeakyUnits(std::int64_t units, double a);
  std::int64_t input_size() const override { return units_; }
  std::int64_t output_size() const override { return units_; }
  Variable step(const Variable& x, const Variable& state) override;

 private:
  std::int64_t units_;
  double a_;
};

/// Deep transition RNN (Pascanu et al. 2014): the state goes through a net of its own at each step,
/// h_t = tanh(transition(h_{t-1}) + W_in x_t + b), plus h_{t-1} itself with `skip`, which shortens
/// the path of the gradient again.
class DeepTransitionRnn : public StepRecurrent {
 public:
  /// `transition` maps [N, H] to [N, H]. Parameters "weight_in" [H, D] and "bias" [H]; child
  /// "transition".
  DeepTransitionRnn(std::int64_t inputs, std::int64_t units, std::unique_ptr<Layer> transition,
                    Rng& rng, bool skip = false);
  std::int64_t input_size() const override { return weight_in_.shape()[1]; }
  std::int64_t output_size() const override { return weight_in_.shape()[0]; }
  Variable step(const Variable& x, const Variable& state) override;

 private:
  std::unique_ptr<Layer> transition_;
  Variable weight_in_, bias_;
  bool skip_;
};

}  // namespace tengen
