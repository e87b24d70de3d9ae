#include "envs/go/journal.hpp"

#include "engine/base/check.hpp"

namespace tengen::envs::go {

void Journal::push(Ply ply, std::span<const Point> removed) {
  ply.removed = static_cast<std::uint16_t>(removed.size());
  plies_.push_back(ply);
  if (!removed.empty()) removed_.insert(removed_.end(), removed.begin(), removed.end());
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

Journal::Change Journal::Walker::step_back() {
  CHECK_INVARIANT(ply_ > 0);
  const Ply& ply = journal_.plies_[--ply_];
  removed_end_ -= ply.removed;
  return {.point = ply.point,
          .color = ply.color,
          .removed = {journal_.removed_.data() + removed_end_, ply.removed},
          .removed_color = ply.suicide ? ply.color : opponent(ply.color)};
}

}  // namespace tengen::envs::go
