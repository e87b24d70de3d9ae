#include "selfplay/policy_gradient/replayed_envs.hpp"

#include "engine/base/error.hpp"

namespace tengen::selfplay {

ReplayedEnvs::ReplayedEnvs(std::unique_ptr<envs::rl::VectorEnv> environments)
    : environments_(std::move(environments)) {}

std::int64_t ReplayedEnvs::width() const {
  return std::int64_t{environments_->size()} * environments_->spec().action_space.size();
}

void ReplayedEnvs::reset(std::uint64_t seed) {
  environments_->reset(seed);
  actions_.clear();
}

void ReplayedEnvs::step(std::span<const float> actions) {
  environments_->step(actions);
  actions_.insert(actions_.end(), actions.begin(), actions.end());
}

Tensor ReplayedEnvs::record() const {
  const std::int64_t steps = static_cast<std::int64_t>(actions_.size()) / width();
  return Tensor::from<float>({steps, width()}, actions_);
}

void ReplayedEnvs::replay(const Tensor& record) {
  if (record.shape().rank() != 2 || record.shape()[1] != width() || record.dtype() != DType::f32)
    bad_argument("replay", "expected actions [steps, {}], got {}", width(),
                 to_string(record.shape()));
  for (std::int64_t t = 0; t < record.shape()[0]; ++t) step(record.rows(t, t + 1).values<float>());
}

}  // namespace tengen::selfplay
