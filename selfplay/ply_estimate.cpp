#include "selfplay/ply_estimate.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace tengen::selfplay {

PlyEstimate::PlyEstimate(std::uint64_t games, double mean_plies, int max_plies)
    : games_(games), mean_plies_(mean_plies), max_plies_(max_plies) {}

double PlyEstimate::mean(const GamesSoFar& so_far) const {
  if (mean_plies_ > 0) return mean_plies_;
  if (so_far.ended == 0) return max_plies_;
  return std::min<double>(max_plies_,
                          static_cast<double>(so_far.plies) / static_cast<double>(so_far.ended));
}

double PlyEstimate::total(const GamesSoFar& so_far) const {
  const auto ended_plies = static_cast<double>(so_far.ended_plies);
  const double going_on = static_cast<double>(so_far.plies) - ended_plies;
  const auto left = static_cast<double>(games_ - so_far.ended);
  return ended_plies + std::max(going_on, left * mean(so_far));
}

WorkDone PlyEstimate::work_done(const GamesSoFar& so_far) const {
  const double all = total(so_far);
  return {.share = all > 0 ? static_cast<double>(so_far.plies) / all : 0,
          .at_least = is_bound(so_far)};
}

std::string PlyEstimate::text(const GamesSoFar& so_far) const {
  return fmt::format("{}/{}{:.0f} moves", so_far.plies, is_bound(so_far) ? "" : "~", total(so_far));
}

}  // namespace tengen::selfplay
