// Who will own each cell, by a net's ownership head (nets/heads/ownership_head.hpp), for one
// position at a time: in fp32 and by the net itself, where a search has a plan without that head.
#pragma once

#include <memory>
#include <vector>

#include "envs/game.hpp"
#include "nets/policy_value_net.hpp"

namespace tengen::selfplay {

class NetOwnership {
 public:
  /// Throws std::invalid_argument if the net has no ownership head.
  explicit NetOwnership(std::unique_ptr<nets::PolicyValueNet> net);

  /// The expected owner of each cell, 1 player 0's to -1 player 1's: the mean over the symmetries
  /// of the game, whose observations must fit the net. One thread at a time.
  std::vector<double> evaluate(const envs::State& state);

 private:
  std::unique_ptr<nets::PolicyValueNet> net_;
};

}  // namespace tengen::selfplay
