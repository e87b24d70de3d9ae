#include "envs/go/journal.hpp"

#include "engine/base/check.hpp"

namespace tengen::envs::go {

void Journal::push(Ply ply, std::span<const Point> removed) {
  ply.removed = static_cast<std::uint16_t>(removed.size());
  plies_.push_back(ply);
  removed_.insert(removed_.end(), removed.begin(), removed.end());
}

Journal::Ply Journal::pop() {
  CHECK_INVARIANT(!plies_.empty());
  const Ply ply = plies_.back();
  plies_.pop_back();
  removed_.resize(removed_.size() - ply.removed);
  return ply;
}

void Journal::clear() {
  plies_.clear();
  removed_.clear();
}

void Journal::Walker::step_back(std::span<Color> colors) {
  CHECK_INVARIANT(ply_ > 0);
  const Ply& ply = journal_.plies_[--ply_];
  const Color removed_color = ply.suicide ? ply.color : opponent(ply.color);
  for (int i = 0; i < ply.removed; ++i) colors[journal_.removed_[--removed_end_]] = removed_color;
  if (ply.point != kNoPoint) colors[ply.point] = Color::kEmpty;
}

}  // namespace tengen::envs::go
