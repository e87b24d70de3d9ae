#include "engine/layers/residual.hpp"

#include <utility>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/base/error.hpp"

namespace tengen {

Residual::Residual(std::unique_ptr<Layer> body) : body_(std::move(body)) {
  register_child("body", *body_);
}

Variable Residual::forward(const Variable& x) {
  const Variable y = body_->forward(x);
  // Stated here because add() alone would accept a body whose result broadcasts.
  if (y.shape() != x.shape())
    bad_argument("Residual", "expected the body to keep shape {}, got {}", to_string(x.shape()),
                 to_string(y.shape()));
  return add(y, x);
}

}  // namespace tengen
