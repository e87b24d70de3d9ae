#include "envs/go/rule_names.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "engine/base/error.hpp"

namespace tengen::envs::go {
namespace {

struct Shorthand {
  const char* name;
  KoRule ko;
  Scoring scoring;
  Tax tax;
  bool suicide, button;
  HandicapBonus bonus;
  bool friendly_pass;
};

constexpr auto kArea = Scoring::kArea, kTerritory = Scoring::kTerritory;
constexpr auto kUntaxed = Tax::kNone, kSekiTaxed = Tax::kSeki, kAllTaxed = Tax::kAll;
constexpr auto kNoBonus = HandicapBonus::kNone, kStones = HandicapBonus::kStones,
               kLessOne = HandicapBonus::kStonesLessOne;

/// Spelled as FF[4] spells those that it names. Of equal rules the first is the one that is
/// written.
constexpr Shorthand kShorthands[] = {
    {"Tromp-Taylor", KoRule::kPositional, kArea, kUntaxed, true, false, kNoBonus, false},
    {"Chinese", KoRule::kSimple, kArea, kUntaxed, false, false, kStones, true},
    {"Chinese-OGS", KoRule::kPositional, kArea, kUntaxed, false, false, kStones, true},
    {"Chinese-KGS", KoRule::kPositional, kArea, kUntaxed, false, false, kStones, true},
    {"Japanese", KoRule::kSimple, kTerritory, kSekiTaxed, false, false, kNoBonus, true},
    {"Korean", KoRule::kSimple, kTerritory, kSekiTaxed, false, false, kNoBonus, true},
    {"AGA", KoRule::kSituational, kArea, kUntaxed, false, false, kLessOne, true},
    {"BGA", KoRule::kSituational, kArea, kUntaxed, false, false, kLessOne, true},
    {"French", KoRule::kSituational, kArea, kUntaxed, false, false, kLessOne, true},
    {"AGA-button", KoRule::kSituational, kArea, kUntaxed, false, true, kLessOne, true},
    {"NZ", KoRule::kSituational, kArea, kUntaxed, true, false, kNoBonus, true},
    // Ing's, but for its ko rule.
    {"GOE", KoRule::kPositional, kArea, kUntaxed, true, false, kNoBonus, true},
    {"stone-scoring", KoRule::kSimple, kArea, kAllTaxed, false, false, kNoBonus, true},
    {"ancient-territory", KoRule::kSimple, kTerritory, kAllTaxed, false, false, kNoBonus, true},
};

/// Other names in use.
constexpr const char* kAliases[][2] = {{"new-zealand", "NZ"},
                                       {"ing", "GOE"},
                                       {"cgos", "Tromp-Taylor"},
                                       {"ancient-area", "stone-scoring"}};

/// "Tromp-Taylor", "tromp_taylor", "tromptaylor" and "Tromp Taylor rules" are one name.
std::string bare(std::string_view name) {
  std::string letters;
  for (const unsigned char c : name)
    if (std::isalpha(c)) letters += static_cast<char>(std::tolower(c));
  for (const std::string_view word : {"rules", "rule"})
    if (letters.ends_with(word)) letters.resize(letters.size() - word.size());
  return letters;
}

template <typename Enum>
struct Name {
  const char* text;
  Enum value;
};
constexpr Name<KoRule> kKoNames[] = {{"SIMPLE", KoRule::kSimple},
                                     {"POSITIONAL", KoRule::kPositional},
                                     {"SITUATIONAL", KoRule::kSituational}};
constexpr Name<Scoring> kScoringNames[] = {{"AREA", kArea}, {"TERRITORY", kTerritory}};
constexpr Name<Tax> kTaxNames[] = {{"NONE", kUntaxed}, {"SEKI", kSekiTaxed}, {"ALL", kAllTaxed}};
constexpr Name<HandicapBonus> kBonusNames[] = {{"0", kNoBonus}, {"N", kStones}, {"N-1", kLessOne}};

template <typename Enum, std::size_t size>
Enum value_of(const Name<Enum> (&names)[size], const std::string& what, const std::string& text) {
  for (const Name<Enum>& name : names)
    if (text == name.text) return name.value;
  throw Error("unknown " + what + " " + text);
}

template <typename Enum, std::size_t size>
const char* name_of(const Name<Enum> (&names)[size], Enum value) {
  return std::find_if(std::begin(names), std::end(names),
                      [value](const Name<Enum>& name) { return name.value == value; })
      ->text;
}

void set_field(RuleSet& set, const std::string& key, const nlohmann::json& value) {
  // The parser takes any depth, dump() recurses.
  if (value.is_structured()) throw Error("expected a word, a number or true or false for " + key);
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  const auto truth = [&] {
    if (!value.is_boolean()) throw Error("expected true or false for " + key);
    return value.get<bool>();
  };
  if (key == "ko")
    set.rules.ko = value_of(kKoNames, "ko rule", text);
  else if (key == "scoring" || key == "scoringRule")
    set.rules.scoring = value_of(kScoringNames, "scoring", text);
  else if (key == "tax")
    set.rules.tax = value_of(kTaxNames, "tax", text);
  else if (key == "suicide")
    set.rules.suicide = truth();
  else if (key == "whiteHandicapBonus")
    set.rules.handicap_bonus = value_of(kBonusNames, "handicap bonus", text);
  else if (key == "hasButton")
    set.rules.button = truth();
  else if (key == "friendlyPassOk")
    set.friendly_pass = truth();
  else
    throw Error("unknown rule " + key);
}

RuleSet with_fields(RuleSet set, const nlohmann::json& fields) {
  if (!fields.is_object()) throw Error("expected rules as a JSON object");
  for (const auto& [key, value] : fields.items()) set_field(set, key, value);
  const bool names_scoring = fields.contains("scoring") || fields.contains("scoringRule");
  if (names_scoring && !fields.contains("tax")) set.rules.tax = usual_tax(set.rules.scoring);
  return set;
}

RuleSet with_shorthand(RuleSet set, const Shorthand& shorthand) {
  set.rules.ko = shorthand.ko;
  set.rules.scoring = shorthand.scoring;
  set.rules.tax = shorthand.tax;
  set.rules.suicide = shorthand.suicide;
  set.rules.button = shorthand.button;
  set.rules.handicap_bonus = shorthand.bonus;
  set.friendly_pass = shorthand.friendly_pass;
  return set;
}

/// A word of small letters, then its value: "koSIMPLE".
struct Field {
  const char* word;
  const char* name;
  bool truth;
};
constexpr Field kFields[] = {{"ko", "ko", false},
                             {"score", "scoring", false},
                             {"tax", "tax", false},
                             {"sui", "suicide", true},
                             {"button", "hasButton", true},
                             {"whb", "whiteHandicapBonus", false},
                             {"fpok", "friendlyPassOk", true}};

bool is_small(char c) { return c >= 'a' && c <= 'z'; }

bool is_field_list(const std::string& text) {
  return text.size() > 2 && text.starts_with("ko") && text[2] >= 'A' && text[2] <= 'Z';
}

/// What the list leaves out is off; words that are no rule (komi) are skipped.
nlohmann::json fields_of_list(const std::string& text) {
  nlohmann::json fields = {
      {"hasButton", false}, {"whiteHandicapBonus", "0"}, {"friendlyPassOk", false}};
  for (auto at = text.begin(); at != text.end();) {
    const auto value_at = std::find_if_not(at, text.end(), is_small);
    const auto end = std::find_if(value_at, text.end(), is_small);
    const std::string word(at, value_at), value(value_at, end);
    for (const Field& field : kFields)
      if (word == field.word)
        fields[field.name] = field.truth ? nlohmann::json(value == "1") : nlohmann::json(value);
    at = end;
  }
  return fields;
}

bool is_name_of(const std::string& text, const RuleSet& set) {
  try {
    return rules_to_json(rules_from_text(set, text)) == rules_to_json(set);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

RuleSet rules_from_text(RuleSet set, const std::string& text) {
  if (text.starts_with('{')) return with_fields(set, nlohmann::json::parse(text, nullptr, false));
  if (is_field_list(text)) return with_fields(set, fields_of_list(text));
  std::string name = bare(text);
  for (const auto& [alias, meaning] : kAliases)
    if (name == bare(alias)) name = bare(meaning);
  for (const Shorthand& each : kShorthands)
    if (name == bare(each.name)) return with_shorthand(set, each);
  throw Error("unknown rules " + text);
}

RuleSet with_rule(RuleSet set, const std::string& field, const std::string& value) {
  const bool truth = value == "true" || value == "false";
  set_field(set, field, truth ? nlohmann::json(value == "true") : nlohmann::json(value));
  return set;
}

std::string rules_to_json(const RuleSet& set) {
  const Rules& rules = set.rules;
  return fmt::format(
      R"({{"friendlyPassOk":{},"hasButton":{},"ko":"{}","scoring":"{}","suicide":{},"tax":"{}",)"
      R"("whiteHandicapBonus":"{}"}})",
      set.friendly_pass, rules.button, name_of(kKoNames, rules.ko),
      name_of(kScoringNames, rules.scoring), rules.suicide, name_of(kTaxNames, rules.tax),
      name_of(kBonusNames, rules.handicap_bonus));
}

std::string rules_to_sgf(const RuleSet& set, const std::string& text) {
  if (is_name_of(text, set)) return text;
  for (const Shorthand& each : kShorthands)
    if (is_name_of(each.name, set)) return each.name;
  const Rules& rules = set.rules;
  return fmt::format("ko{}score{}tax{}sui{:d}{}{}{}", name_of(kKoNames, rules.ko),
                     name_of(kScoringNames, rules.scoring), name_of(kTaxNames, rules.tax),
                     rules.suicide, rules.button ? "button1" : "",
                     rules.handicap_bonus == kNoBonus
                         ? ""
                         : std::string("whb") + name_of(kBonusNames, rules.handicap_bonus),
                     set.friendly_pass ? "fpok1" : "");
}

}  // namespace tengen::envs::go
