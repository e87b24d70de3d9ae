// The net of a session, compiled once: one plan serves all searches, one after another, and every
// game that differs from the first in its rules alone. So nothing is compiled while a clock runs.
#pragma once

#include <memory>
#include <string>

#include "envs/game.hpp"
#include "nets/inference/inference_plan.hpp"

namespace tengen::tools {

/// One thread at a time; the plans that it gives are thread-safe.
class CompiledNet {
 public:
  /// `path` as in selfplay::resolve_net_path. The plans are ready for batches of up to `batch`.
  CompiledNet(std::string path, nets::Precision precision, int batch);

  /// The plan for `game`: the last one if it may play that game, else a new one, which takes
  /// seconds for a large net. Throws as selfplay::load_plan, and then keeps the last one.
  std::shared_ptr<const nets::InferencePlan> plan_for(const envs::Game& game);

 private:
  const std::string path_;
  const nets::Precision precision_;
  const int batch_;
  std::string game_;  // that plan_ was made for
  std::shared_ptr<const nets::InferencePlan> plan_;
};

}  // namespace tengen::tools
