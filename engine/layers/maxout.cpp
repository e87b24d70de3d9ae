#include "engine/layers/maxout.hpp"

#include "engine/autograd/ops_activation.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"

namespace tengen {

Maxout::Maxout(std::int64_t in, std::int64_t out, std::int64_t pieces, Rng& rng)
    : out_(out), count_(pieces), pieces_(in, out * pieces, rng) {
  if (pieces < 1) bad_argument("Maxout", "expected at least 1 piece, got {}", pieces);
  register_child("pieces", pieces_);
}

Variable Maxout::forward(const Variable& x) {
  return max_last_axis(reshape(pieces_.forward(x), {x.shape()[0], out_, count_}));
}

}  // namespace tengen
