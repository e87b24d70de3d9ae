// Attention: a weighted mean of values, weighted by how well a query fits each key.
//
// Additive: Bahdanau, Cho and Bengio 2015; (scaled) dot product and multi-head: Luong et al. 2015,
// Vaswani et al. 2017. Batches come first here: B sequences of T queries or S keys, width D.
#pragma once

#include "engine/base/random.hpp"
#include "engine/layers/linear.hpp"

namespace tengen {

/// Which keys each query may look at: [T, S] of the queries' dtype, 0 where it may and a large
/// negative number where not, added to the scores. Query t of T sees keys 0 .. t + S - T.
Tensor causal_mask(std::int64_t queries, std::int64_t keys, DType dtype = DType::f32);
/// No query of sequence b may look at keys from `lengths[b]` on: [B, T, S]. For batches padded to
/// one length.
Tensor padding_mask(const std::vector<std::int64_t>& lengths, std::int64_t queries,
                    std::int64_t keys, DType dtype = DType::f32);

struct Attended {
  Variable context;  // [B, T, Dv]
  Variable weights;  // [B, T, S], rows that sum to 1
};

/// softmax(Q K^T scale + mask) V. queries [B, T, D], keys [B, S, D], values [B, S, Dv]; mask [T,
/// S], [B, T, S] or undefined. `scale` 0 means 1 / sqrt(D) (Vaswani et al. 2017, equation 1).
Attended dot_product_attention(const Variable& queries, const Variable& keys,
                               const Variable& values, const Tensor& mask = {}, double scale = 0);

/// Scores v tanh(W_q q + W_k k) (Bahdanau et al. 2015, appendix A.1.2); the keys are the values.
class AdditiveAttention : public Module {
 public:
  /// Children "query" (Linear Dq -> hidden), "key" (Dk -> hidden), "score" (hidden -> 1).
  AdditiveAttention(std::int64_t query_size, std::int64_t key_size, std::int64_t hidden, Rng& rng);

  /// queries [B, T, Dq], keys [B, S, Dk] -> context [B, T, Dk]; mask as above.
  Attended forward(const Variable& queries, const Variable& keys, const Tensor& mask = {});

 private:
  Linear query_, key_, score_;
};

/// Several scaled dot products side by side, each on its own projection of width D / heads.
class MultiHeadAttention : public Module {
 public:
  /// `heads` divides `width`. Children "query", "key", "value", "output", Linear width -> width.
  MultiHeadAttention(std::int64_t width, int heads, Rng& rng);

  /// queries [B, T, D], keys and values from `source` [B, S, D] -> [B, T, D]. Self-attention: the
  /// same Variable twice. mask [T, S], [B, T, S] or undefined.
  Variable forward(const Variable& queries, const Variable& source, const Tensor& mask = {});
  /// Where forward() looks: the mean of its heads' weights, [B, T, S], rows that sum to 1.
  Variable weights(const Variable& queries, const Variable& source, const Tensor& mask = {});

 private:
  /// Of each head: [B heads, T, ...].
  Attended attend(const Variable& queries, const Variable& source, const Tensor& mask);
  Variable split_heads(const Variable& x) const;
  Variable join_heads(const Variable& x, std::int64_t batch) const;
  Tensor mask_of_heads(const Tensor& mask) const;

  int heads_;
  Linear query_, key_, value_, output_;
};

/// Sinusoidal positions (Vaswani et al. 2017, section 3.5) [T, D], D even: column 2i is
/// sin(t / 10000^(2i / D)), column 2i + 1 the cosine.
Tensor positional_encoding(std::int64_t steps, std::int64_t width, DType dtype = DType::f32);

}  // namespace tengen
