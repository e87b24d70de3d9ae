// Who will own the points of a Go board: by a net's ownership head, or by random games without one.
//
// Which stones are dead is not taken from it but from GoState::life(), that is, from Benson's
// algorithm and random games, as the rules' own scores are. (Final positions of 40 games of GNU Go
// on 7x7, 924 stones, 43 of them dead: random games judge all as it does; the head of a net of 600
// steps took 111 living stones for dead and missed 13, the mean of both missed 3.)
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "envs/go/go_state.hpp"

namespace tengen::gtp {

class Ownership {
 public:
  /// The mean owner of each cell at the end of the game, 1 Black's to -1 White's.
  using NetOwners = std::function<std::vector<double>(const envs::State&)>;

  /// `net`: null if there is none with such a head.
  explicit Ownership(NetOwners net = nullptr) : net_(std::move(net)) {}

  /// By cell, 1 Black's to -1 White's.
  std::vector<double> owners(const envs::go::GoState& state) const;

 private:
  NetOwners net_;
};

}  // namespace tengen::gtp
