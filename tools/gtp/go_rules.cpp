#include "tools/gtp/go_rules.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "engine/base/error.hpp"
#include "tools/gtp/engine.hpp"

namespace tengen::gtp {
namespace {

using envs::go::HandicapBonus;
using envs::go::KoRule;
using envs::go::Scoring;

struct Shorthand {
  const char* name;
  KoRule ko;
  Scoring scoring;
  bool suicide, button;
  HandicapBonus bonus;
  bool friendly_pass;
};

constexpr auto kArea = Scoring::kArea, kTerritory = Scoring::kTerritory;
constexpr auto kNoBonus = HandicapBonus::kNone, kStones = HandicapBonus::kStones,
               kLessOne = HandicapBonus::kStonesLessOne;

constexpr Shorthand kShorthands[] = {
    {"tromp-taylor", KoRule::kPositional, kArea, true, false, kNoBonus, false},
    {"chinese", KoRule::kSimple, kArea, false, false, kStones, true},
    {"chinese-ogs", KoRule::kPositional, kArea, false, false, kStones, true},
    {"chinese-kgs", KoRule::kPositional, kArea, false, false, kStones, true},
    {"japanese", KoRule::kSimple, kTerritory, false, false, kNoBonus, true},
    {"korean", KoRule::kSimple, kTerritory, false, false, kNoBonus, true},
    {"aga", KoRule::kSituational, kArea, false, false, kLessOne, true},
    {"bga", KoRule::kSituational, kArea, false, false, kLessOne, true},
    {"french", KoRule::kSituational, kArea, false, false, kLessOne, true},
    {"aga-button", KoRule::kSituational, kArea, false, true, kLessOne, true},
    {"new-zealand", KoRule::kSituational, kArea, true, false, kNoBonus, true},
};

/// Known to others, and what about them is missing here.
constexpr const char* kGroupTaxed[] = {"stone-scoring", "ancient-area", "ancient-territory"};

[[noreturn]] void unavailable(const std::string& what) {
  throw Failure("these rules need " + what + ", which Tengen does not have");
}

/// "Tromp-Taylor", "tromp_taylor", "tromptaylor" and "Tromp Taylor rules" are one name.
std::string bare(const std::string& name) {
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
constexpr Name<HandicapBonus> kBonusNames[] = {{"0", kNoBonus}, {"N", kStones}, {"N-1", kLessOne}};

template <typename Enum, std::size_t size>
Enum value_of(const Name<Enum> (&names)[size], const std::string& what, const std::string& text) {
  for (const Name<Enum>& name : names)
    if (text == name.text) return name.value;
  throw Failure("unknown " + what + " " + text);
}

template <typename Enum, std::size_t size>
const char* name_of(const Name<Enum> (&names)[size], Enum value) {
  return std::find_if(std::begin(names), std::end(names),
                      [value](const Name<Enum>& name) { return name.value == value; })
      ->text;
}

const char* tax_of(Scoring scoring) { return scoring == kTerritory ? "SEKI" : "NONE"; }

void set_field(RuleSet& set, const std::string& key, const nlohmann::json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  const auto truth = [&] {
    if (!value.is_boolean()) throw Failure("expected true or false for " + key);
    return value.get<bool>();
  };
  if (key == "ko")
    set.rules.ko = value_of(kKoNames, "ko rule", text);
  else if (key == "scoring" || key == "scoringRule")
    set.rules.scoring = value_of(kScoringNames, "scoring", text);
  else if (key == "suicide")
    set.rules.suicide = truth();
  else if (key == "whiteHandicapBonus")
    set.rules.handicap_bonus = value_of(kBonusNames, "handicap bonus", text);
  else if (key == "hasButton")
    set.rules.button = truth();
  else if (key == "friendlyPassOk")
    set.friendly_pass = truth();
  else if (key != "tax")
    throw Failure("unknown rule " + key);
}

RuleSet from_json(RuleSet set, const std::string& text) {
  const nlohmann::json fields = nlohmann::json::parse(text, nullptr, false);
  if (!fields.is_object()) throw Failure("expected rules as a JSON object");
  for (const auto& [key, value] : fields.items()) set_field(set, key, value);
  const std::string tax = fields.value("tax", nlohmann::json(tax_of(set.rules.scoring))).dump();
  if (tax != fmt::format("\"{}\"", tax_of(set.rules.scoring)))
    unavailable(
        fmt::format("{} scoring with a tax of {}", name_of(kScoringNames, set.rules.scoring), tax));
  return set;
}

}  // namespace

RuleSet rules_from_text(RuleSet set, const std::string& text) {
  if (!text.empty() && text[0] == '{') return from_json(set, text);
  const std::string name = bare(text);
  for (const Shorthand& each : kShorthands) {
    if (name != bare(each.name)) continue;
    set.rules.ko = each.ko;
    set.rules.scoring = each.scoring;
    set.rules.suicide = each.suicide;
    set.rules.button = each.button;
    set.rules.handicap_bonus = each.bonus;
    set.friendly_pass = each.friendly_pass;
    return set;
  }
  for (const char* each : kGroupTaxed)
    if (name == bare(each)) unavailable("a tax on every group");
  throw Failure("unknown rules " + text);
}

std::string rules_to_json(const RuleSet& set) {
  const envs::go::Rules& rules = set.rules;
  return fmt::format(
      R"({{"friendlyPassOk":{},"hasButton":{},"ko":"{}","scoring":"{}","suicide":{},"tax":"{}",)"
      R"("whiteHandicapBonus":"{}"}})",
      set.friendly_pass, rules.button, name_of(kKoNames, rules.ko),
      name_of(kScoringNames, rules.scoring), rules.suicide, tax_of(rules.scoring),
      name_of(kBonusNames, rules.handicap_bonus));
}

}  // namespace tengen::gtp
