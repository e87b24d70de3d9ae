// The formulas of the search, one line each.
//
// PUCT with the growing exploration rate is AlphaZero's (Silver et al., "A general reinforcement
// learning algorithm that masters chess, shogi, and Go through self-play", Science 2018,
// supplementary "Search"):
//   a = argmax Q(s,a) + C(s) sqrt(N(s)) * P(s,a) / (1 + N(s,a))
//   C(s) = log((1 + N(s) + c_base) / c_base) + c_init
// Here N(s) counts the visit that evaluated s, as in AlphaZero's pseudocode: N(s) = 1 + sum N(s,a).
// Dynamic c_puct (the idea is KataGo's: explore more where the outcome is open) multiplies C(s) by
//   1 + scale (spread(s) / 0.4 - 1),   spread(s)^2 = (N var + 2 * 0.4^2) / (N + 2),
// var the variance of the N values backed up through s: two visits of spread 0.4 are added.
// Visits under way count in N but not in Q, which is the mean of those that came back (Liu et al.,
// "Watch the Unobserved", ICLR 2020). As losses in Q (Chaslot et al. 2008) they cost strength: 45
// Elo with 8 leaves a batch at 100 visits of a Connect Four net. All arithmetic is plain float; the
// logarithm is taken in double and rounded, so that the choice of moves does not depend on the
// machine's math library.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "mcts/config.hpp"

namespace tengen::mcts {

/// C(s).
inline float exploration_rate(float parent_visits, const SearchConfig& config) {
  const double base = config.c_puct_base;
  return static_cast<float>(std::log((1.0 + parent_visits + base) / base)) + config.c_puct_init;
}

/// C(s) sqrt(N(s)): what is common to all actions of s.
inline float exploration_scale(float parent_visits, const SearchConfig& config) {
  return exploration_rate(parent_visits, config) * std::sqrt(parent_visits);
}

/// Spread of values in [-1, 1] expected where nothing is known, and the visits that this counts
/// for.
inline constexpr float kPriorSpread = 0.4f;
inline constexpr float kPriorSpreadVisits = 2.0f;

/// Standard deviation of the values of `visits`, with the prior's visits added.
inline float value_spread(float mean, float mean_square, float visits) {
  const float variance = std::max(0.0f, mean_square - mean * mean);
  const float prior = kPriorSpreadVisits * kPriorSpread * kPriorSpread;
  return std::sqrt((visits * variance + prior) / (visits + kPriorSpreadVisits));
}

/// What dynamic c_puct multiplies C(s) by; never negative.
inline float spread_factor(float spread, float scale) {
  return std::max(0.0f, 1.0f + scale * (spread / kPriorSpread - 1.0f));
}

/// P(s,a) / (1 + N(s,a)): what is the action's own.
inline float exploration_share(float prior, float visits) { return prior / (1.0f + visits); }

/// Q + U of one action; q is for the player who chooses.
inline float puct_score(float q, float share, float scale) { return q + share * scale; }

/// Q of an action never visited, for the player who chooses; parent_q is that of the node, and
/// visited_prior the sum of the priors of its visited actions (lc0's strategies "reduction" and
/// "absolute").
inline float first_play_urgency(const SearchConfig& config, bool at_root, float parent_q,
                                float visited_prior) {
  if (config.fpu_absolute) return at_root ? config.fpu_root_value : config.fpu_value;
  const float reduction = at_root ? config.fpu_root_reduction : config.fpu_reduction;
  return parent_q - reduction * std::sqrt(visited_prior);
}

/// Remembers exploration_scale() of small numbers of visits: most nodes have no others.
class ExplorationScales {
 public:
  explicit ExplorationScales(const SearchConfig& config) : config_(config), known_(kKnown) {}
  /// To be called when the config's rates changed.
  void forget() { known_.assign(kKnown, 0); }
  float operator()(std::uint32_t parent_visits) {
    if (parent_visits >= kKnown) return of(parent_visits);
    float& scale = known_[parent_visits];
    if (scale == 0) scale = of(parent_visits);
    return scale;
  }

 private:
  static constexpr std::uint32_t kKnown = 4096;
  float of(std::uint32_t visits) const {
    return exploration_scale(static_cast<float>(visits), config_);
  }
  const SearchConfig& config_;
  std::vector<float> known_;  // 0: not known yet
};

}  // namespace tengen::mcts
