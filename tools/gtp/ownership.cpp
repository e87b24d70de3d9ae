#include "tools/gtp/ownership.hpp"

#include "engine/base/random.hpp"

namespace tengen::gtp {

std::vector<double> Ownership::owners(const envs::go::GoState& state) const {
  if (net_) return net_(state);
  constexpr int kGames = 400;
  Rng rng(state.key());
  return envs::go::random_ownership(state.board(), kGames, rng);
}

}  // namespace tengen::gtp
