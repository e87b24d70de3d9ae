#include "envs/rl/batch.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "engine/base/error.hpp"
#include "engine/base/vectorised.hpp"

namespace tengen::envs::rl {
namespace {

/// Whether each is the index of one of `choices`; may say no of -0, too. Without a branch, for the
/// compiler to vectorise: bits of floats that are not negative have the order of the floats, and
/// those of negative ones and NaN are greater.
bool all_indices(std::span<const float> actions, int choices) {
  const float* action = actions.data();
  const std::size_t count = actions.size();
  const auto bound = std::bit_cast<std::uint32_t>(static_cast<float>(choices));
  std::uint32_t bad = 0;
  std::uint32_t* result = &bad;
  run_on(cpu_vector_isa(), [=] {
    std::uint32_t any = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto bits = std::bit_cast<std::uint32_t>(action[i]);
      const std::uint32_t inside = -static_cast<std::uint32_t>(bits < bound);  // all bits or none
      const auto safe = std::bit_cast<float>(bits & inside);
      any |=
          ~inside | static_cast<std::uint32_t>(static_cast<float>(static_cast<int>(safe)) != safe);
    }
    *result = any;
  });
  return bad == 0;
}

/// Replaces `out` by the places of `flags` that are not 0, few of many.
void list_set(const std::vector<std::uint8_t>& flags, std::vector<int>& out) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  out.clear();
  for (std::size_t first = 0; first < flags.size(); first += kWord) {
    const std::size_t count = std::min(kWord, flags.size() - first);
    std::uint64_t word = 0;
    std::memcpy(&word, &flags[first], count);
    for (std::size_t i = first; word != 0; ++i, word >>= 8)
      if (word & 0xff) out.push_back(static_cast<int>(i));
  }
}

}  // namespace

BatchBase::BatchBase(EnvSpec spec, int count)
    : VectorEnv(std::move(spec), count),
      randoms_(count, NumpyRandom(0)),
      elapsed_(count),
      done_(count) {
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
  int* elapsed = elapsed_.data();
  std::uint8_t *truncated = truncated_.data(), *ended = done_.data();
  const std::uint8_t* terminated = terminated_.data();
  const std::size_t count = elapsed_.size();
  // Counts are never 0 after a step: no limit is never reached.
  const int limit = spec_.max_episode_steps;
  run_on(cpu_vector_isa(), [=] {
#pragma GCC ivdep
    for (std::size_t i = 0; i < count; ++i) {
      ++elapsed[i];
      truncated[i] = elapsed[i] == limit;
      ended[i] = truncated[i] | terminated[i];
    }
  });
  list_set(done_, ended_);
}

}  // namespace tengen::envs::rl
