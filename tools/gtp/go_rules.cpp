#include "tools/gtp/go_rules.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/error.hpp"
#include "tools/gtp/engine.hpp"

namespace tengen::gtp {
namespace {

using envs::go::KoRule;
using envs::go::Rules;

struct Shorthand {
  const char* name;
  KoRule ko;
  bool suicide, handicap_bonus;
};

constexpr Shorthand kShorthands[] = {
    {"tromp-taylor", KoRule::kPositional, true, false},
    {"chinese", KoRule::kSimple, false, true},
    {"chinese-ogs", KoRule::kPositional, false, true},
    {"chinese-kgs", KoRule::kPositional, false, true},
    {"new-zealand", KoRule::kSituational, true, false},
};

/// Known to others, and what about them is missing here.
constexpr const char* kUnavailable[][2] = {
    {"japanese", "territory scoring"},  {"korean", "territory scoring"},
    {"stone-scoring", "group tax"},     {"ancient-area", "group tax"},
    {"ancient-territory", "group tax"}, {"aga", "a handicap bonus of N-1"},
    {"bga", "a handicap bonus of N-1"}, {"french", "a handicap bonus of N-1"},
    {"aga-button", "the button"},
};

[[noreturn]] void unavailable(const std::string& what) {
  throw Failure("these rules need " + what + ", which Tengen does not have; it scores area");
}

constexpr const char* kKoNames[] = {"SIMPLE", "POSITIONAL", "SITUATIONAL"};

void set_field(Rules& rules, const std::string& key, const nlohmann::json& value) {
  const auto text = [&] { return value.is_string() ? value.get<std::string>() : value.dump(); };
  const auto truth = [&] {
    if (!value.is_boolean()) throw Failure("expected true or false for " + key);
    return value.get<bool>();
  };
  if (key == "ko") {
    const auto found = std::find(std::begin(kKoNames), std::end(kKoNames), text());
    if (found == std::end(kKoNames)) throw Failure("unknown ko rule " + text());
    rules.ko = static_cast<KoRule>(found - std::begin(kKoNames));
  } else if (key == "suicide") {
    rules.suicide = truth();
  } else if (key == "whiteHandicapBonus") {
    if (text() == "N-1") unavailable("a handicap bonus of N-1");
    if (text() != "0" && text() != "N") throw Failure("unknown handicap bonus " + text());
    rules.handicap_bonus = text() == "N";
  } else if (key == "scoring" || key == "scoringRule") {
    if (text() != "AREA") unavailable("scoring " + text());
  } else if (key == "tax") {
    if (text() != "NONE") unavailable("tax " + text());
  } else if (key == "hasButton") {
    if (truth()) unavailable("the button");
  } else if (key == "friendlyPassOk") {
    truth();  // dead stones are captured here before the game ends, whatever this says
  } else {
    throw Failure("unknown rule " + key);
  }
}

Rules from_json(Rules rules, const std::string& text) {
  const nlohmann::json fields = nlohmann::json::parse(text, nullptr, false);
  if (!fields.is_object()) throw Failure("expected rules as a JSON object");
  for (const auto& [key, value] : fields.items()) set_field(rules, key, value);
  return rules;
}

}  // namespace

Rules rules_from_text(Rules rules, const std::string& text) {
  if (!text.empty() && text[0] == '{') return from_json(rules, text);
  std::string name = lower_case(text);
  std::replace(name.begin(), name.end(), '_', '-');
  for (const Shorthand& each : kShorthands) {
    if (name != each.name) continue;
    rules.ko = each.ko;
    rules.suicide = each.suicide;
    rules.handicap_bonus = each.handicap_bonus;
    return rules;
  }
  for (const auto& [each, missing] : kUnavailable)
    if (name == each) unavailable(missing);
  throw Failure("unknown rules " + text);
}

std::string rules_to_json(const Rules& rules) {
  return fmt::format(
      R"({{"friendlyPassOk":false,"hasButton":false,"ko":"{}","scoring":"AREA","suicide":{},)"
      R"("tax":"NONE","whiteHandicapBonus":"{}"}})",
      kKoNames[static_cast<int>(rules.ko)], rules.suicide, rules.handicap_bonus ? "N" : "0");
}

}  // namespace tengen::gtp
