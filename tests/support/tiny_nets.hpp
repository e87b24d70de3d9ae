// Small nets of fixed random weights for a game.
#pragma once

#include <memory>
#include <string>

#include "envs/game.hpp"
#include "nets/inference/inference_plan.hpp"
#include "nets/policy_value_net.hpp"

namespace tengen::test {

inline std::unique_ptr<nets::PolicyValueNet> tiny_net(
    const envs::Game& game, std::uint64_t seed = 1,
    const std::string& spec = "mlp:layers=1,hidden=16") {
  const envs::ObservationShape shape = game.observation_shape();
  Rng rng(seed);
  auto net =
      nets::make_net(spec, {shape.height, shape.width, shape.channels, game.num_actions()}, rng);
  net->eval();
  return net;
}

inline std::shared_ptr<const nets::InferencePlan> tiny_plan(const envs::Game& game,
                                                            std::uint64_t seed = 1,
                                                            int max_batch = 8) {
  return std::make_shared<nets::InferencePlan>(tiny_net(game, seed)->graph(), nets::Precision::fp32,
                                               max_batch);
}

}  // namespace tengen::test
