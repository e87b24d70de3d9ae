// RepeatPreviousEasy-v0, Medium, Hard: name the suit of the card dealt k - 1 cards ago.
//
// Source: Morad et al., "POPGym: Benchmarking Partially Observable Reinforcement Learning" (2023):
// shuffled decks are dealt card by card, only the suit is seen, and from the k-th card on each
// action names the suit of the k-th card from the end, the present one included. Easy: one deck of
// 52, k = 4; medium: two decks, k = 32; hard: three, k = 64. Rewards are +-1 / (cards - k), so that
// returns lie in [-1, 1]. The last card ends the episode (here it terminates, since nothing
// follows; POPGym calls it truncated).
#pragma once

#include <vector>

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class RepeatPrevious final : public Dynamics {
 public:
  /// Without options.
  static RepeatPrevious easy_from_spec(Spec& spec);
  static RepeatPrevious medium_from_spec(Spec& spec);
  static RepeatPrevious hard_from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override;

 private:
  RepeatPrevious(const char* id, int decks, int back);

  const char* id_;
  int back_;                         // k
  std::vector<std::uint8_t> suits_;  // of the cards in the order in which they are dealt
  int dealt_ = 0;
};

}  // namespace tengen::envs::rl
