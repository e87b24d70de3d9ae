// Umbrella-v0: whether the first action was right shows only at the end of a long noisy walk.
//
// Source: bsuite's umbrella_length and umbrella_distract (Osband et al. 2020): the first
// observation forecasts rain or not, the first action takes an umbrella (1) or leaves it (0), and
// nothing else matters: rewards on the way are -1 or 1 by chance, the last one, after `length`
// steps, is 1 if the umbrella fits the weather and -1 otherwise. Best expected return 1.
#pragma once

#include <vector>

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class Umbrella final : public Dynamics {
 public:
  /// Options: length (10), distractors (0): random bits shown beside.
  static Umbrella from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  /// [rain is forecast, has an umbrella, 1 - time / length, distractors].
  void observe(std::span<float> out) const override;

 private:
  void draw_distractors(NumpyRandom& random);

  int length_ = 10;
  int needed_ = 0, held_ = 0, time_ = 0;
  std::vector<std::uint8_t> distractors_;
};

}  // namespace tengen::envs::rl
