#include "selfplay/policy_gradient/shared_body.hpp"

#include <numbers>

#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"

namespace tengen::selfplay {

namespace {

const nets::InitialWeights kUsualWeights{.name = "orthogonal", .scale = std::numbers::sqrt2};

std::unique_ptr<nets::Body> make_body(const ActorCriticShape& shape, Rng& rng) {
  if (shape.planes.size() != shape.inputs)
    bad_argument("actor_critic", "body {} reads planes, but observations are vectors of {} numbers",
                 shape.body, shape.inputs);
  const nets::BodyRecipe recipe = parse_policy_body(shape.body);
  std::unique_ptr<nets::Body> body = recipe.make(shape.planes, rng);
  nets::initialise(*body, recipe.init.is_default() ? kUsualWeights : recipe.init, rng);
  return body;
}

std::unique_ptr<ActorCritic> make_heads(ActorCriticShape shape, const nets::Body& body,
                                        const Distribution& distribution, Rng& rng) {
  shape.inputs = static_cast<int>(body.output_shape().size());
  shape.body = "none";
  return make_actor_critic(shape, distribution, rng);
}

}  // namespace

nets::BodyRecipe parse_policy_body(const std::string& description) {
  Spec spec(description);
  nets::BodyRecipe recipe = nets::parse_body(spec);
  spec.finish();
  return recipe;
}

SharedBody::SharedBody(const ActorCriticShape& shape, const Distribution& distribution, Rng& rng)
    : planes_(shape.planes),
      body_(make_body(shape, rng)),
      heads_(make_heads(shape, *body_, distribution, rng)) {
  register_child("body", *body_);
  register_child("heads", *heads_);
  eval();
}

Variable SharedBody::features(const Variable& observations) {
  const std::int64_t rows = observations.shape()[0];
  const Variable images =
      reshape(observations, {rows, planes_.height, planes_.width, planes_.channels});
  return reshape(body_->forward(images), {rows, body_->output_shape().size()});
}

PolicyOutput SharedBody::forward(const PolicyInput& input) {
  PolicyInput inner = input;
  inner.observations = features(input.observations);
  return heads_->forward(inner);
}

void SharedBody::act(std::span<const float> observations, int count, Tensor& state,
                     std::span<float> parameters, std::span<float> values) {
  const NoGrad no_grad;
  const Variable x = features(Variable(Tensor::from<float>({count, planes_.size()}, observations)));
  heads_->act(x.value().values<float>(), count, state, parameters, values);
}

}  // namespace tengen::selfplay
