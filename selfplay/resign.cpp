#include "selfplay/resign.hpp"

#include <algorithm>
#include <sstream>

#include "engine/base/error.hpp"

namespace tengen::selfplay {

namespace {
constexpr double kNever = -2.0;
constexpr double kLowestThreshold = -0.99;
constexpr double kStep = 0.01;
}  // namespace

ResignPolicy::ResignPolicy(const ResignConfig& config) : config_(config) {}

ResignPolicy::Counts ResignPolicy::count(double threshold) const {
  Counts counts;
  for (const Measured& game : measured_) {
    const bool wrong = game.other < threshold;
    counts.wrong += wrong;
    counts.total += wrong || game.loser < threshold;
  }
  return counts;
}

double ResignPolicy::false_positive_rate(double threshold) const {
  const Counts counts = count(threshold);
  return counts.total > 0 ? static_cast<double>(counts.wrong) / counts.total : 0.0;
}

void ResignPolicy::measure(const GameRecord& record) {
  if (!record.resign_disabled) return;
  float low[2] = {1, 1};
  for (const PlyRecord& ply : record.plies)
    low[ply.player & 1] = std::min(low[ply.player & 1], ply.root_value);
  Measured game;
  if (record.result == 0)
    game.other = std::min(low[0], low[1]);
  else
    game = record.result > 0 ? Measured{low[1], low[0]} : Measured{low[0], low[1]};
  measured_.push_back(game);
  while (measured_.size() > static_cast<std::size_t>(config_.window)) measured_.pop_front();
}

void ResignPolicy::adapt() {
  threshold_ = kNever;
  if (!config_.enabled) return;
  for (double t = config_.max_threshold; t >= kLowestThreshold; t -= kStep) {
    const Counts counts = count(t);
    if (counts.total < config_.min_measured) return;  // lower thresholds have fewer still
    if (counts.wrong <= config_.target_false_positives * counts.total) {
      threshold_ = t;
      return;
    }
  }
}

std::string ResignPolicy::save() const {
  std::ostringstream out;
  out.precision(9);
  out << threshold_;
  for (const Measured& game : measured_) out << ' ' << game.loser << ' ' << game.other;
  return out.str();
}

void ResignPolicy::restore(const std::string& text) {
  std::istringstream in(text);
  double threshold = kNever;
  std::deque<Measured> measured;
  in >> threshold;
  if (!in) throw Error("resign statistics: expected numbers, got '" + text + "'");
  Measured game;
  while (in >> game.loser >> game.other) measured.push_back(game);
  if (!in.eof()) throw Error("resign statistics: expected numbers, got '" + text + "'");
  threshold_ = threshold;
  measured_ = std::move(measured);
}

}  // namespace tengen::selfplay
