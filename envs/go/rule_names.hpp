// Sets of Go rules by name, as kata-set-rules, kgs-rules and SGF's RU give them: area or territory
// scoring, a tax on no group, on those in seki or on all, simple ko or superko, suicide or not,
// button, a handicap bonus of 0, N or N-1. Where a scoring is named and no tax, it is the usual
// one.
//
// Source: the fields and shorthands are KataGo's (GTP_Extensions.md, "kata-get-rules"); SGF FF[4],
// "RU", which spells four sets "AGA", "GOE", "Japanese" and "NZ" and leaves the others open.
#pragma once

#include <string>

#include "envs/go/rules.hpp"

namespace tengen::envs::go {

struct RuleSet {
  Rules rules;
  /// Both sides may pass while dead stones stay on the board: people agree on them afterwards.
  bool friendly_pass = false;
};

/// `text` is a shorthand ("tromp-taylor", "chinese", ...) in any spelling with the same letters, or
/// a JSON object of fields, of which those left out stay as they are, or a list as KataGo writes
/// into RU: "koSIMPLEscoreAREAtaxNONEsui0button1whbN-1fpok1". Board, komi and features always stay.
/// Throws Error with a sentence.
RuleSet rules_from_text(RuleSet rules, const std::string& text);

/// Changes one field of that object and no other, not even the tax; Error likewise.
RuleSet with_rule(RuleSet rules, const std::string& field, const std::string& value);

/// The JSON object that kata-get-rules answers.
std::string rules_to_json(const RuleSet& rules);

/// The value of RU: a name, or such a list; rules_from_text() gives the same rules. `text` itself
/// if it does.
std::string rules_to_sgf(const RuleSet& rules, const std::string& text = "");

}  // namespace tengen::envs::go
