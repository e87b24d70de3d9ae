#include "envs/rl/vector_env.hpp"

namespace tengen::envs::rl {

VectorEnv::VectorEnv(EnvSpec spec, int count)
    : spec_(std::move(spec)),
      observations_(static_cast<std::size_t>(count) * spec_.observation_space.size()),
      final_observations_(observations_.size()),
      rewards_(count),
      terminated_(count),
      truncated_(count),
      masks_(static_cast<std::size_t>(count) * mask_size(spec_), 1) {}

}  // namespace tengen::envs::rl
