#include "envs/rl/wrappers/frame_stack.hpp"

#include <algorithm>

namespace tengen::envs::rl {
namespace {

/// Writes the frames [count, pixels, channels] as [pixels, count, channels].
void interleave(std::span<const float> frames, std::size_t count, std::size_t channels,
                std::span<float> out) {
  const std::size_t frame_size = frames.size() / count;
  for (std::size_t first = 0; first < frame_size; first += channels)
    for (std::size_t i = 0; i < count; ++i) {
      const auto pixel = frames.subspan(i * frame_size + first, channels);
      std::copy(pixel.begin(), pixel.end(), out.begin() + (first * count + i * channels));
    }
}

std::size_t channels_of(const Space& space) {
  return space.shape().size() > 1 ? space.shape().back() : space.size();
}

std::vector<float> stacked_bounds(const std::vector<float>& bounds, int count,
                                  std::size_t channels) {
  std::vector<float> frames, out(bounds.size() * count);
  for (int i = 0; i < count; ++i) frames.insert(frames.end(), bounds.begin(), bounds.end());
  interleave(frames, count, channels, out);
  return out;
}

Space stacked(const Space& space, int count) {
  if (space.kind() != Space::Kind::box) {
    std::vector<int> counts;
    for (int i = 0; i < count; ++i)
      counts.insert(counts.end(), space.counts().begin(), space.counts().end());
    return Space::multi_discrete(std::move(counts));
  }
  std::vector<int> shape = space.shape();
  shape.back() *= count;
  const std::size_t channels = channels_of(space);
  return Space::box(stacked_bounds(space.low(), count, channels),
                    stacked_bounds(space.high(), count, channels), std::move(shape));
}

}  // namespace

FrameStack::FrameStack(std::unique_ptr<Dynamics> inner, int frames)
    : inner_(std::move(inner)), spec_(inner_->spec()), count_(frames) {
  const Space& space = spec_.observation_space;
  frame_size_ = space.size();
  channels_ = channels_of(space);
  frames_.resize(frame_size_ * count_);
  spec_.observation_space = stacked(space, count_);
}

void FrameStack::reset(NumpyRandom& random) {
  inner_->reset(random);
  for (int i = 0; i < count_; ++i) inner_->observe(frame(i));
}

Outcome FrameStack::step(std::span<const float> action, NumpyRandom& random) {
  const Outcome outcome = inner_->step(action, random);
  std::copy(frames_.begin() + frame_size_, frames_.end(), frames_.begin());
  inner_->observe(frame(count_ - 1));
  return outcome;
}

void FrameStack::observe(std::span<float> out) const {
  interleave(frames_, count_, channels_, out);
}

}  // namespace tengen::envs::rl
