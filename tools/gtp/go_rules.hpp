// The rules of a session whose game is Go.
#pragma once

#include "envs/go/rule_names.hpp"

namespace tengen::gtp {

class Session;

/// The session's; Failure if its game is not Go.
envs::go::RuleSet rules_of(const Session& session);

/// Board, moves, komi and clocks stay.
void use_rules(Session& session, const envs::go::RuleSet& rules);

}  // namespace tengen::gtp
