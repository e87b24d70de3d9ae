#include "tools/gtp/go_rules.hpp"

#include "envs/go/go_game.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {

using envs::go::RuleSet;

RuleSet rules_of(const Session& session) {
  const envs::go::GoGame* go = envs::go::as_go(session.game());
  if (!go) throw Failure("this game has one set of rules");
  return {go->rules(), session.config().friendly_pass};
}

void use_rules(Session& session, const RuleSet& set) {
  if (set.rules.spec() != session.game().spec()) session.change_rules(set.rules.spec());
  SessionConfig config = session.config();
  config.friendly_pass = set.friendly_pass;
  session.set_config(config);
}

}  // namespace tengen::gtp
