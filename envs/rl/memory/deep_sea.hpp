// DeepSea-v0: one way down among 2^N leads to the treasure, and costs a little at every step.
//
// Source: Osband et al., "Deep Exploration via Randomized Value Functions" (2019), as in bsuite
// (Osband et al. 2020): a diver sinks a row a step through an N x N grid from the top left and goes
// left or right; right costs 0.01 / N, and 1 is gained by going right in the last column, which
// only the diver reaches who went right at every step. Best return 0.99, and undirected
// exploration needs about 2^N episodes for it. Which action is right is drawn for each cell from
// mapping_seed. The stochastic version fails to go right with probability 1/N and adds N(0, 1)
// to the reward in the two lower corners.
//
// DeepSeaCells-v0 is the same without the stochastic version, seen as the number of the diver's
// cell, row N + column: the one for learners with tables.
#pragma once

#include <vector>

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"
#include "envs/rl/tabular/tabular.hpp"

namespace tengen::envs::rl {

class DeepSea final : public Dynamics {
 public:
  /// Options: size, which is N (10), mapping_seed (0), randomize (true; otherwise 1 is right
  /// everywhere), stochastic (false).
  static DeepSea from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  /// [N, N, 1]: 1 where the diver is; all 0 below the last row.
  void observe(std::span<float> out) const override;

  /// The action that goes right in a cell.
  int right_action(int row, int column) const { return right_[row * size_ + column]; }

 private:
  int size_ = 10;
  bool stochastic_ = false;
  std::vector<std::uint8_t> right_;  // [N, N]
  int row_ = 0, column_ = 0;
};

/// Options: size, mapping_seed and randomize, as above.
TabularDynamics deep_sea_cells_from_spec(Spec& spec);

}  // namespace tengen::envs::rl
