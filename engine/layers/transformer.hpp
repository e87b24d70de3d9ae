// The two blocks that transformers are stacked from (Vaswani et al. 2017, section 3.1): attention
// and a feed-forward net, each within a residual connection with a layer norm.
//
//   pre-norm   x + f(norm(x))   the default: trains without warm-up (Xiong et al. 2020); a stack
//                               of such blocks wants one more norm at its end
//   post-norm  norm(x + f(x))   the paper's
//
// A decoder without a source (a language model) is a stack of encoder blocks with a causal mask.
// Masks are those of attention.hpp; steps that nothing may look at keep values of their own.
// Dropout acts on what each f gives, before it is added.
#pragma once

#include <cstdint>

#include "engine/layers/attention.hpp"
#include "engine/layers/dropout.hpp"
#include "engine/layers/group_norm.hpp"

namespace tengen {

struct TransformerOptions {
  enum class Activation { relu, gelu };

  std::int64_t width = 128;   // D, of the tokens' vectors
  int heads = 4;              // of each attention; divides the width
  std::int64_t hidden = 512;  // units of the feed-forward net
  Activation activation = Activation::gelu;
  bool pre_norm = true;
  double dropout = 0;
};

/// W_2 f(W_1 x + b_1) + b_2 at each step (Vaswani et al. 2017, equation 2).
class FeedForward : public Layer {
 public:
  /// Children "inner" (Linear width -> hidden) and "outer" (hidden -> width).
  FeedForward(std::int64_t width, std::int64_t hidden, TransformerOptions::Activation activation,
              Rng& rng);

  /// x [..., width] -> same shape.
  Variable forward(const Variable& x) override;

 private:
  const TransformerOptions::Activation activation_;
  Linear inner_, outer_;
};

/// What surrounds each part f of a block: residual connection, norm and dropout.
class TransformerResidual : public Module {
 public:
  /// Child "norm" (LayerNorm).
  TransformerResidual(const TransformerOptions& options, Rng& rng);

  /// `f` maps [B, T, D] to [B, T, D].
  template <typename F>
  Variable forward(const Variable& x, F&& f) {
    return pre_norm_ ? sum(x, f(norm_.forward(x))) : norm_.forward(sum(x, f(x)));
  }

 private:
  Variable sum(const Variable& x, const Variable& y);

  const bool pre_norm_;
  LayerNorm norm_;
  Dropout dropout_;
};

/// Self-attention, then the feed-forward net.
class TransformerEncoderBlock : public Module {
 public:
  /// Children "attention", "attention_residual", "feed_forward", "feed_forward_residual".
  TransformerEncoderBlock(const TransformerOptions& options, Rng& rng);

  /// x [B, T, D] -> same shape; mask [T, T], [B, T, T] or undefined.
  Variable forward(const Variable& x, const Tensor& mask = {});

 private:
  MultiHeadAttention attention_;
  TransformerResidual attention_residual_;
  FeedForward feed_forward_;
  TransformerResidual feed_forward_residual_;
};

/// Self-attention, then attention from x to the encoder's result, then the feed-forward net.
class TransformerDecoderBlock : public Module {
 public:
  /// Children as above and "source_attention", "source_attention_residual".
  TransformerDecoderBlock(const TransformerOptions& options, Rng& rng);

  /// x [B, T, D], source [B, S, D] -> x's shape; mask [T, T] or [B, T, T], usually causal;
  /// source_mask [T, S], [B, T, S] or undefined.
  Variable forward(const Variable& x, const Variable& source, const Tensor& mask,
                   const Tensor& source_mask = {});
  /// Where forward() looks in the source: MultiHeadAttention::weights(), [B, T, S].
  Variable source_weights(const Variable& x, const Variable& source, const Tensor& mask,
                          const Tensor& source_mask = {});

 private:
  Variable attend_to_itself(const Variable& x, const Tensor& mask);

  MultiHeadAttention attention_;
  TransformerResidual attention_residual_;
  MultiHeadAttention source_attention_;
  TransformerResidual source_attention_residual_;
  FeedForward feed_forward_;
  TransformerResidual feed_forward_residual_;
};

}  // namespace tengen
