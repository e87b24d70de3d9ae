#include "nets/sequence/token_rows.hpp"

#include "engine/autograd/ops_embedding.hpp"
#include "engine/autograd/ops_shape.hpp"

namespace tengen::nets {

namespace {

/// Where step t of a sequence comes from if it is read backwards.
std::int64_t mirrored(std::int64_t t, std::int64_t length) {
  return t < length ? length - 1 - t : t;
}

/// x [T, N, H] as rows [T N, H], chosen by number.
Variable choose_rows(const Variable& x, const Tensor& rows) {
  return embedding(reshape(x, {x.shape()[0] * x.shape()[1], x.shape()[2]}), rows);
}

}  // namespace

Tensor time_first(const Tensor& tokens) {
  const std::int64_t batch = tokens.dim(0), steps = tokens.dim(1);
  Tensor result({steps, batch}, DType::i32);
  const std::int32_t* from = tokens.values<std::int32_t>().data();
  std::int32_t* to = result.values<std::int32_t>().data();
  for (std::int64_t n = 0; n < batch; ++n)
    for (std::int64_t t = 0; t < steps; ++t) to[t * batch + n] = *from++;
  return result;
}

Tensor reversed_tokens(const TokenBatch& batch) {
  const std::int64_t steps = batch.tokens.dim(1);
  Tensor result(batch.tokens.shape(), DType::i32);
  const std::int32_t* from = batch.tokens.values<std::int32_t>().data();
  std::int32_t* to = result.values<std::int32_t>().data();
  for (const std::int64_t length : batch.lengths) {
    for (std::int64_t t = 0; t < steps; ++t) *to++ = from[mirrored(t, length)];
    from += steps;
  }
  return result;
}

Variable reverse_sequences(const Variable& x, const std::vector<std::int64_t>& lengths) {
  const std::int64_t steps = x.shape()[0], batch = x.shape()[1];
  Tensor rows({steps, batch}, DType::i32);
  std::int32_t* row = rows.values<std::int32_t>().data();
  for (std::int64_t t = 0; t < steps; ++t)
    for (std::int64_t n = 0; n < batch; ++n)
      *row++ =
          static_cast<std::int32_t>(mirrored(t, lengths[static_cast<std::size_t>(n)]) * batch + n);
  return choose_rows(x, rows);
}

Variable last_steps(const Variable& x, const std::vector<std::int64_t>& lengths) {
  const std::int64_t batch = x.shape()[1];
  Tensor rows({batch}, DType::i32);
  for (std::int64_t n = 0; n < batch; ++n)
    rows.values<std::int32_t>()[static_cast<std::size_t>(n)] =
        static_cast<std::int32_t>((lengths[static_cast<std::size_t>(n)] - 1) * batch + n);
  return choose_rows(x, rows);
}

}  // namespace tengen::nets
