// Environments whose state can be saved although they know no files: all they do follows from the
// seed of their last reset and the actions since, so these are kept, and going on means to play
// them again (millions of steps a second). The record is bounded: a trainer resets when is_full().
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/tensor/tensor.hpp"
#include "envs/rl/vector_env.hpp"

namespace tengen::selfplay {

class ReplayedEnvs {
 public:
  explicit ReplayedEnvs(std::unique_ptr<envs::rl::VectorEnv> environments);

  const envs::rl::VectorEnv& operator*() const { return *environments_; }
  const envs::rl::VectorEnv* operator->() const { return environments_.get(); }

  /// Fresh episodes; forgets the actions before.
  void reset(std::uint64_t seed);
  /// `actions` as VectorEnv::step takes them.
  void step(std::span<const float> actions);
  bool is_full() const { return actions_.size() >= kMostActions; }

  /// The actions since reset(): [steps, B action_space.size()].
  Tensor record() const;
  /// After reset() with the seed of then: plays `record` again. Throws std::invalid_argument if it
  /// is not of these environments.
  void replay(const Tensor& record);

 private:
  static constexpr std::size_t kMostActions = std::size_t{1} << 20;

  std::int64_t width() const;

  std::unique_ptr<envs::rl::VectorEnv> environments_;
  std::vector<float> actions_;
};

}  // namespace tengen::selfplay
