#include "engine/losses/l2_penalty.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"

namespace tengen {

Variable l2_penalty(std::span<const NamedParameter> parameters, double coefficient) {
  if (parameters.empty()) bad_argument("l2_penalty", "expected at least one parameter, got none");
  Variable total = sum(square(parameters.front().variable));
  for (const NamedParameter& parameter : parameters.subspan(1))
    total = add(total, sum(square(parameter.variable)));
  return scale(total, coefficient);
}

}  // namespace tengen
