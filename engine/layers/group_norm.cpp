#include "engine/layers/group_norm.hpp"

#include "engine/autograd/ops_group_norm.hpp"
#include "engine/base/error.hpp"

namespace tengen {

GroupNorm::GroupNorm(std::int64_t channels, std::int64_t groups, double epsilon)
    : groups_(groups),
      epsilon_(epsilon),
      gamma_(Tensor::full({channels}, 1.0), true),
      beta_(Tensor::zeros({channels}), true) {
  if (groups < 1 || channels % groups != 0)
    bad_argument("GroupNorm", "expected groups that divide {} channels, got {}", channels, groups);
  if (epsilon <= 0) bad_argument("GroupNorm", "expected a positive epsilon, got {}", epsilon);
  register_parameter("gamma", gamma_);
  register_parameter("beta", beta_);
}

Variable GroupNorm::forward(const Variable& x) {
  return group_norm(x, gamma_, beta_, groups_, epsilon_);
}

LayerNorm::LayerNorm(std::int64_t channels, double epsilon)
    : epsilon_(epsilon),
      gamma_(Tensor::full({channels}, 1.0), true),
      beta_(Tensor::zeros({channels}), true) {
  if (epsilon <= 0) bad_argument("LayerNorm", "expected a positive epsilon, got {}", epsilon);
  register_parameter("gamma", gamma_);
  register_parameter("beta", beta_);
}

Variable LayerNorm::forward(const Variable& x) { return layer_norm(x, gamma_, beta_, epsilon_); }

}  // namespace tengen
