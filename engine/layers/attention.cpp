#include "engine/layers/attention.hpp"

#include <cmath>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/autograd/ops_softmax.hpp"
#include "engine/base/error.hpp"
#include "engine/layers/at_each_step.hpp"

namespace tengen {

namespace {

/// Drowns any score, and its exponential is exactly 0; finite, so that a row that is masked
/// everywhere gives a mean and not NaN.
constexpr double kMasked = -1e9;

void check_batches(const char* where, const Variable& queries, const Variable& keys) {
  if (queries.shape().rank() != 3 || keys.shape().rank() != 3 ||
      queries.shape()[0] != keys.shape()[0])
    bad_argument(where, "expected queries [B, T, D] and keys [B, S, D], got {} and {}",
                 to_string(queries.shape()), to_string(keys.shape()));
}

Variable masked_softmax(const Variable& scores, const Tensor& mask) {
  return softmax(mask.defined() ? add(scores, Variable(mask)) : scores);
}

}  // namespace

Tensor causal_mask(std::int64_t queries, std::int64_t keys, DType dtype) {
  Tensor mask = Tensor::zeros({queries, keys}, dtype);
  dispatch_float("causal_mask", dtype, [&]<typename T>(T) {
    for (std::int64_t t = 0; t < queries; ++t)
      for (std::int64_t s = std::max<std::int64_t>(0, t + keys - queries + 1); s < keys; ++s)
        mask.values<T>()[t * keys + s] = T(kMasked);
  });
  return mask;
}

Tensor padding_mask(const std::vector<std::int64_t>& lengths, std::int64_t queries,
                    std::int64_t keys, DType dtype) {
  Tensor mask = Tensor::zeros({static_cast<std::int64_t>(lengths.size()), queries, keys}, dtype);
  dispatch_float("padding_mask", dtype, [&]<typename T>(T) {
    T* row = mask.values<T>().data();
    for (const std::int64_t length : lengths)
      for (std::int64_t t = 0; t < queries; ++t, row += keys)
        for (std::int64_t s = length; s < keys; ++s) row[s] = T(kMasked);
  });
  return mask;
}

Attended dot_product_attention(const Variable& queries, const Variable& keys,
                               const Variable& values, const Tensor& mask, double scale_by) {
  check_batches("dot_product_attention", queries, keys);
  if (scale_by == 0) scale_by = 1 / std::sqrt(static_cast<double>(queries.shape()[2]));
  const Variable scores = scale(matmul(queries, keys, false, true), scale_by);
  const Variable weights = masked_softmax(scores, mask);
  return {matmul(weights, values), weights};
}

AdditiveAttention::AdditiveAttention(std::int64_t query_size, std::int64_t key_size,
                                     std::int64_t hidden, Rng& rng)
    : query_(query_size, hidden, rng, Linear::Init::xavier),
      key_(key_size, hidden, rng, Linear::Init::xavier),
      score_(hidden, 1, rng, Linear::Init::xavier) {
  register_child("query", query_);
  register_child("key", key_);
  register_child("score", score_);
}

Attended AdditiveAttention::forward(const Variable& queries, const Variable& keys,
                                    const Tensor& mask) {
  check_batches("AdditiveAttention", queries, keys);
  const std::int64_t batch = queries.shape()[0], t = queries.shape()[1], s = keys.shape()[1];
  const Variable q = repeat(at_each_step(query_, queries), 2, s);  // [B, T, S, hidden]
  const Variable k = repeat(at_each_step(key_, keys), 1, t);
  const Variable fit = tanh(add(q, k));
  const std::int64_t hidden = fit.shape()[3];
  const Variable scores = score_.forward(reshape(fit, {batch * t * s, hidden}));
  const Variable weights = masked_softmax(reshape(scores, {batch, t, s}), mask);
  return {matmul(weights, keys), weights};
}

MultiHeadAttention::MultiHeadAttention(std::int64_t width, int heads, Rng& rng)
    : heads_(heads),
      query_(width, width, rng, Linear::Init::xavier),
      key_(width, width, rng, Linear::Init::xavier),
      value_(width, width, rng, Linear::Init::xavier),
      output_(width, width, rng, Linear::Init::xavier) {
  if (heads < 1 || width % heads != 0)
    bad_argument("MultiHeadAttention", "expected heads that divide the width {}, got {}", width,
                 heads);
  register_child("query", query_);
  register_child("key", key_);
  register_child("value", value_);
  register_child("output", output_);
}

/// [B, T, D] -> [B heads, T, D / heads].
Variable MultiHeadAttention::split_heads(const Variable& x) const {
  const std::int64_t batch = x.shape()[0], steps = x.shape()[1], width = x.shape()[2];
  const Variable parts = reshape(x, {batch, steps, heads_, width / heads_});
  return reshape(permute(parts, {0, 2, 1, 3}), {batch * heads_, steps, width / heads_});
}

/// The inverse of split_heads.
Variable MultiHeadAttention::join_heads(const Variable& x, std::int64_t batch) const {
  const std::int64_t steps = x.shape()[1], part = x.shape()[2];
  const Variable parts = reshape(x, {batch, heads_, steps, part});
  return reshape(permute(parts, {0, 2, 1, 3}), {batch, steps, heads_ * part});
}

/// A mask per sequence, [B, T, S], once for each of its heads; one for all, [T, S], as it is.
Tensor MultiHeadAttention::mask_of_heads(const Tensor& mask) const {
  if (!mask.defined() || mask.shape().rank() != 3) return mask;
  const Tensor repeated = repeat(Variable(mask), 1, heads_).value();
  return repeated.reshape({mask.dim(0) * heads_, mask.dim(1), mask.dim(2)});
}

Attended MultiHeadAttention::attend(const Variable& queries, const Variable& source,
                                    const Tensor& mask) {
  check_batches("MultiHeadAttention", queries, source);
  return dot_product_attention(split_heads(at_each_step(query_, queries)),
                               split_heads(at_each_step(key_, source)),
                               split_heads(at_each_step(value_, source)), mask_of_heads(mask));
}

Variable MultiHeadAttention::forward(const Variable& queries, const Variable& source,
                                     const Tensor& mask) {
  const Variable context = attend(queries, source, mask).context;
  return at_each_step(output_, join_heads(context, queries.shape()[0]));
}

Variable MultiHeadAttention::weights(const Variable& queries, const Variable& source,
                                     const Tensor& mask) {
  const std::int64_t batch = queries.shape()[0], t = queries.shape()[1], s = source.shape()[1];
  const Variable each = reshape(attend(queries, source, mask).weights, {batch, heads_, t, s});
  Variable sum = select(each, 1, 0);
  for (int head = 1; head < heads_; ++head) sum = add(sum, select(each, 1, head));
  return scale(sum, 1.0 / heads_);
}

Tensor positional_encoding(std::int64_t steps, std::int64_t width, DType dtype) {
  if (width % 2 != 0) bad_argument("positional_encoding", "expected an even width, got {}", width);
  Tensor encoding({steps, width}, dtype);
  dispatch_float("positional_encoding", dtype, [&]<typename T>(T) {
    for (std::int64_t t = 0; t < steps; ++t)
      for (std::int64_t i = 0; i < width; i += 2) {
        const double angle =
            static_cast<double>(t) / std::pow(10000.0, static_cast<double>(i) / double(width));
        encoding.values<T>()[t * width + i] = T(std::sin(angle));
        encoding.values<T>()[t * width + i + 1] = T(std::cos(angle));
      }
  });
  return encoding;
}

}  // namespace tengen
