#include "tools/compiled_net.hpp"

#include <algorithm>
#include <utility>

#include "selfplay/players/net_player.hpp"

namespace tengen::tools {

CompiledNet::CompiledNet(std::string path, nets::Precision precision, int batch)
    : path_(std::move(path)), precision_(precision), batch_(batch) {}

std::shared_ptr<const nets::InferencePlan> CompiledNet::plan_for(const envs::Game& game) {
  if (plan_ && selfplay::is_same_but_for_rules(game_, game)) return plan_;
  const auto plan = selfplay::load_plan(path_, game, precision_, std::max(8, batch_));
  plan->prepare(batch_);
  game_ = game.spec();
  return plan_ = plan;
}

}  // namespace tengen::tools
