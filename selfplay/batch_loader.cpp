#include "selfplay/batch_loader.hpp"

#include <utility>

#include "engine/base/check.hpp"

namespace tengen::selfplay {

BatchLoader::BatchLoader(int count, Fill fill) : left_(count), fill_(std::move(fill)) { start(); }

void BatchLoader::start() {
  if (left_ <= 0) return;
  --left_;
  pending_ = std::async(std::launch::async, [this] { fill_(following_); });
}

const TrainingBatch& BatchLoader::next() {
  CHECK_INVARIANT(pending_.valid());
  pending_.get();
  std::swap(present_, following_);
  start();
  return present_;
}

}  // namespace tengen::selfplay
