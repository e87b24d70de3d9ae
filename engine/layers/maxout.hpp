// Maxout layer: each unit is the largest of several linear functions of the input, a convex
// piecewise linear activation that is learned (Goodfellow et al. 2013).
#pragma once

#include "engine/layers/linear.hpp"

namespace tengen {

class Maxout : public Layer {
 public:
  /// Child "pieces", a Linear whose outputs unit * pieces + piece belong to one unit.
  Maxout(std::int64_t in, std::int64_t out, std::int64_t pieces, Rng& rng);

  /// x [N, in] -> [N, out].
  Variable forward(const Variable& x) override;

  const Linear& pieces() const { return pieces_; }
  std::int64_t count() const { return count_; }  // of pieces to a unit

 private:
  const std::int64_t out_, count_;
  Linear pieces_;
};

}  // namespace tengen
