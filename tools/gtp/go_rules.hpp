// Go rules as kata-set-rules and kgs-rules name them: area or territory scoring, simple ko or
// superko, suicide or not, button, a handicap bonus of 0, N or N-1. Territory scoring comes with
// its tax on seki and area scoring without; other taxes are refused by name. Source: the fields and
// shorthands are KataGo's (GTP_Extensions.md, "kata-get-rules").
#pragma once

#include <string>

#include "envs/go/rules.hpp"

namespace tengen::gtp {

struct RuleSet {
  envs::go::Rules rules;
  /// Both sides may pass while dead stones stay on the board: people agree on them afterwards.
  bool friendly_pass = false;
};

/// `text` is a shorthand ("tromp-taylor", "chinese", ...) in any spelling with the same letters, or
/// a JSON object of fields, of which those left out stay as they are. Board, komi and features
/// always stay. Throws Failure with a sentence.
RuleSet rules_from_text(RuleSet rules, const std::string& text);

/// The JSON object that kata-get-rules answers.
std::string rules_to_json(const RuleSet& rules);

}  // namespace tengen::gtp
