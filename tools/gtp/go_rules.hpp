// Go rules as kata-set-rules and kgs-rules name them, for the rules that the Go game has: area
// scoring, simple ko or superko, suicide or not, a handicap bonus of 0 or N. Rules that it has not
// (territory scoring, button, group tax, a bonus of N-1) are refused by name.
// Source: the fields and shorthands are KataGo's (GTP_Extensions.md, "kata-get-rules").
#pragma once

#include <string>

#include "envs/go/rules.hpp"

namespace tengen::gtp {

/// `text` is a shorthand ("tromp-taylor", "chinese", ...) or a JSON object of fields, of which
/// those left out stay as in `rules`. Throws Failure with a sentence.
envs::go::Rules rules_from_text(envs::go::Rules rules, const std::string& text);

/// The JSON object that kata-get-rules answers.
std::string rules_to_json(const envs::go::Rules& rules);

}  // namespace tengen::gtp
