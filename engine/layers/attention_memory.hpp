// A memory by attention: at each step the last `window` inputs are looked at again, the present one
// asking. For policies that must act on what they saw some steps ago, where a recurrent state would
// have to carry it.
//
//   e = W x + b + p(age)                       of each input in the window, ages 0 .. window - 1
//   y = norm(e_now + attention(e_now, all e))  (Vaswani et al. 2017, section 3.1)
// with a learned vector p for each age. One layer, so that nothing older than the window has any
// influence; the state is the window itself (inputs, not embeddings: no change of the weights makes
// it stale), and a state of zeros is an empty one.
#pragma once

#include "engine/base/random.hpp"
#include "engine/layers/attention.hpp"
#include "engine/layers/group_norm.hpp"
#include "engine/layers/recurrent_layer.hpp"

namespace tengen {

class AttentionMemory : public RecurrentLayer {
 public:
  /// `window` > 1. Heads: 4, 2 or 1, the most that divide `units`. Parameter "ages" [window,
  /// units]; children "embedding", "attention" and "norm".
  AttentionMemory(std::int64_t inputs, std::int64_t units, std::int64_t window, Rng& rng);

  std::int64_t input_size() const override { return inputs_; }
  std::int64_t output_size() const override { return units_; }
  /// The window but for the present step, oldest first: the inputs and 1, or zeros for none.
  std::int64_t state_size() const override { return (window_ - 1) * (inputs_ + 1); }

  using RecurrentLayer::forward;
  SequenceOutput forward(const Variable& x, const Variable& state) override;

 private:
  /// slots [window - 1 + T, N, D + 1] -> the embedded window of each step, [T N, window, units],
  /// youngest first.
  Variable windows(const Variable& slots);
  /// Hides what no step has filled: [T N, 1, window].
  Tensor mask(const Tensor& slots) const;

  const std::int64_t inputs_, units_, window_;
  Variable ages_;
  Linear embedding_;
  MultiHeadAttention attention_;
  LayerNorm norm_;
};

}  // namespace tengen
