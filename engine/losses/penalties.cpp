#include "engine/losses/penalties.hpp"

#include "engine/autograd/ops_activation.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"
#include "engine/losses/l2_penalty.hpp"

namespace tengen {

Variable l1_penalty(std::span<const NamedParameter> parameters, double lambda) {
  if (parameters.empty()) bad_argument("l1_penalty", "expected at least one parameter, got none");
  Variable total = sum(absolute(parameters.front().variable));
  for (const NamedParameter& parameter : parameters.subspan(1))
    total = add(total, sum(absolute(parameter.variable)));
  return scale(total, lambda);
}

Variable ridge_penalty(std::span<const NamedParameter> parameters, double lambda) {
  return l2_penalty(parameters, lambda / 2);
}

Variable elastic_net_penalty(std::span<const NamedParameter> parameters, double lambda,
                             double mix) {
  if (!(mix >= 0 && mix <= 1))
    bad_argument("elastic_net_penalty", "expected a mix in [0, 1], got {}", mix);
  return add(l1_penalty(parameters, lambda * mix), ridge_penalty(parameters, lambda * (1 - mix)));
}

Variable tying_penalty(const Variable& a, const Variable& b, double lambda) {
  if (a.shape() != b.shape())
    bad_argument("tying_penalty", "expected two tensors of one shape, got {} and {}",
                 to_string(a.shape()), to_string(b.shape()));
  return scale(sum(square(subtract(a, b))), lambda / 2);
}

}  // namespace tengen
