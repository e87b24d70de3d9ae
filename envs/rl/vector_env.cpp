#include "envs/rl/vector_env.hpp"

#include "engine/base/error.hpp"

namespace tengen::envs::rl {

VectorEnv::VectorEnv(EnvSpec spec, int count)
    : spec_(std::move(spec)),
      observations_(static_cast<std::size_t>(count) * spec_.observation_space.size()),
      final_observations_(observations_.size()),
      rewards_(count),
      terminated_(count),
      truncated_(count),
      masks_(static_cast<std::size_t>(count) * mask_size(spec_), 1) {}

void VectorEnv::check_step(bool started, std::size_t action_floats) const {
  if (!started) bad_argument(spec_.id.c_str(), "expected reset() before the first step");
  const std::size_t expected = static_cast<std::size_t>(size()) * spec_.action_space.size();
  if (action_floats != expected)
    bad_argument(spec_.id.c_str(), "expected {} numbers as the actions of {} environments, got {}",
                 expected, size(), action_floats);
}

}  // namespace tengen::envs::rl
