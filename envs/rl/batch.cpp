#include "envs/rl/batch.hpp"

#include <algorithm>
#include <numeric>

#include "engine/base/error.hpp"

namespace tengen::envs::rl {
namespace {

/// Whether each is the index of one of `choices`, without a branch.
bool all_indices(std::span<const float> actions, int choices) {
  const auto bound = static_cast<float>(choices);
  int good = 1;
  for (const float action : actions) {
    const bool inside = action >= 0.0f && action < bound;  // false for NaN, too
    const float safe = inside ? action : 0.5f;
    good &= static_cast<int>(static_cast<float>(static_cast<int>(safe)) == safe);
  }
  return good != 0;
}

}  // namespace

BatchBase::BatchBase(EnvSpec spec, int count)
    : VectorEnv(std::move(spec), count), randoms_(count, NumpyRandom(0)), elapsed_(count) {
  ended_.reserve(count);
}

void BatchBase::check_step(std::span<const float> actions) const {
  if (!started_) bad_argument(spec_.id.c_str(), "expected reset() before step 0");
  const std::size_t width = spec_.action_space.size();
  const std::size_t expected = elapsed_.size() * width;
  if (actions.size() != expected)
    bad_argument(spec_.id.c_str(), "expected {} numbers as the actions of {} environments, got {}",
                 expected, size(), actions.size());
  if (spec_.action_space.kind() == Space::Kind::discrete && !spec_.masks_actions &&
      all_indices(actions, mask_size(spec_)))
    return;
  const std::size_t choices = mask_size(spec_);
  for (int i = 0; i < size(); ++i)
    check_action(spec_, elapsed_[i], actions.subspan(i * width, width),
                 std::span(masks_).subspan(i * choices, choices), i);
}

void BatchBase::forget_step() {
  started_ = true;
  std::fill(rewards_.begin(), rewards_.end(), 0.0f);
  std::fill(terminated_.begin(), terminated_.end(), std::uint8_t{0});
  std::fill(truncated_.begin(), truncated_.end(), std::uint8_t{0});
  ended_.resize(elapsed_.size());
  std::iota(ended_.begin(), ended_.end(), 0);
}

void BatchBase::count_step() {
  for (int& elapsed : elapsed_) ++elapsed;
  for (std::size_t i = 0; i < elapsed_.size(); ++i)
    truncated_[i] = elapsed_[i] == spec_.max_episode_steps;
  ended_.clear();
  for (int i = 0; i < size(); ++i)
    if (done(i)) ended_.push_back(i);
}

}  // namespace tengen::envs::rl
