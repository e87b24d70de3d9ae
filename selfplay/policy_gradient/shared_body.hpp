// Policy and critic on the features of one body (nets/bodies.hpp), for observations that are
// planes: boards, screens. The same bodies carry AlphaZero's nets and image classifiers.
//
// Behind the body stand the parts of any other actor-critic (actor_critic.hpp), memory included,
// which read its features, flattened, in the place of observations. Weights of the body start
// orthogonal with gain sqrt 2, unless init= asks for others; biases at 0. It is always in eval
// mode: with batch statistics or dropout a policy would be another one in learning than in acting,
// and the ratio of both is what PPO learns from. Batch norms therefore are but a scale and an
// offset for each channel.
#pragma once

#include <memory>

#include "nets/bodies.hpp"
#include "selfplay/policy_gradient/actor_critic.hpp"

namespace tengen::selfplay {

/// Throws std::invalid_argument that lists the bodies or names a wrong option.
nets::BodyRecipe parse_policy_body(const std::string& description);

class SharedBody final : public ActorCritic {
 public:
  /// `shape` with a body and planes. Children "body" and "heads". Throws std::invalid_argument
  /// without planes, or if they are too small for the body.
  SharedBody(const ActorCriticShape& shape, const Distribution& distribution, Rng& rng);

  PolicyOutput forward(const PolicyInput& input) override;
  std::int64_t state_size() const override { return heads_->state_size(); }
  void prepare() override { heads_->prepare(); }
  void act(std::span<const float> observations, int count, Tensor& state,
           std::span<float> parameters, std::span<float> values) override;

 private:
  /// [N, inputs] -> [N, features].
  Variable features(const Variable& observations);

  const nets::ImageShape planes_;
  std::unique_ptr<nets::Body> body_;
  std::unique_ptr<ActorCritic> heads_;
};

}  // namespace tengen::selfplay
