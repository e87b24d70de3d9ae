// Option frame_stack=N of every environment: the last N observations are seen as one, so that what
// moves can be told from what stands (Mnih et al., "Human-level control through deep reinforcement
// learning", 2015). An episode starts with N times its first observation.
//
// Vectors follow each other, the oldest first; planes [H, W, C] become [H, W, N * C]; indices
// become as many indices.
#pragma once

#include <memory>
#include <vector>

#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class FrameStack final : public Dynamics {
 public:
  /// `frames` > 0.
  FrameStack(std::unique_ptr<Dynamics> inner, int frames);

  EnvSpec spec() const override { return spec_; }
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override;
  void action_mask(std::span<std::uint8_t> out) const override { inner_->action_mask(out); }

 private:
  std::span<float> frame(int i) {
    return {frames_.data() + static_cast<std::size_t>(i) * frame_size_, frame_size_};
  }

  std::unique_ptr<Dynamics> inner_;
  EnvSpec spec_;
  int count_;
  std::size_t frame_size_, channels_;  // numbers of a frame, and of one of its pixels
  std::vector<float> frames_;          // [count, frame_size], the oldest first
};

}  // namespace tengen::envs::rl
