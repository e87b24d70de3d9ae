#include "envs/go/rules.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"

namespace tengen::envs::go {
namespace {

constexpr const char* kKoNames[] = {"simple", "positional", "situational"};
constexpr const char* kTaxNames[] = {"none", "seki", "all"};
constexpr const char* kLessOne = "n-1";

HandicapBonus bonus_from_spec(Spec& spec) {
  const char* key = "handicap_bonus";
  if (spec.get_string(key, "false") == kLessOne) return HandicapBonus::kStonesLessOne;
  return spec.get_bool(key, false) ? HandicapBonus::kStones : HandicapBonus::kNone;
}

std::string to_string(HandicapBonus bonus) {
  if (bonus == HandicapBonus::kStonesLessOne) return kLessOne;
  return bonus == HandicapBonus::kStones ? "true" : "false";
}

/// The enumerator whose place `name` has in `names`.
template <typename Enum>
Enum from_name(std::span<const char* const> names, const std::string& name) {
  return static_cast<Enum>(std::find(names.begin(), names.end(), name) - names.begin());
}

const char* name_of(Tax tax) { return kTaxNames[static_cast<int>(tax)]; }

}  // namespace

int default_komi_halves(int width, int height) {
  const int shorter = std::min(width, height);
  if (shorter >= 8) return 15;
  if (shorter == 7) return 17;
  return shorter == 6 ? 7 : 1;
}

Tax usual_tax(Scoring scoring) { return scoring == Scoring::kTerritory ? Tax::kSeki : Tax::kNone; }

int default_max_plies(int width, int height) { return 3 * width * height; }

int komi_to_halves(double komi) {
  const double halves = 2 * komi;
  if (!(std::abs(komi) <= 1000) || halves != std::floor(halves))
    bad_argument("komi", "expected a multiple of 0.5 from -1000 to 1000, got {}", komi);
  return static_cast<int>(halves);
}

Rules rules_from_spec(Spec& spec) {
  Rules rules;
  const bool square = spec.has("size");
  if (square && (spec.has("width") || spec.has("height")))
    bad_argument("go", "expected either size or width and height, got both");
  const int size = spec.get_int("size", 9, 2, 25);
  rules.width = square ? size : spec.get_int("width", size, 2, 25);
  rules.height = square ? size : spec.get_int("height", size, 2, 25);
  const double komi = default_komi_halves(rules.width, rules.height) / 2.0;
  rules.komi_halves = komi_to_halves(spec.get_double("komi", komi, -1000, 1000));
  rules.ko = from_name<KoRule>(
      kKoNames, spec.get_choice("ko", "positional", "simple|positional|situational"));
  rules.suicide = spec.get_bool("suicide", false);
  rules.handicap_bonus = bonus_from_spec(spec);
  rules.max_plies =
      spec.get_int("max_plies", default_max_plies(rules.width, rules.height), 2, 100000);
  const bool territory = spec.get_choice("scoring", "area", "area|territory") == "territory";
  rules.scoring = territory ? Scoring::kTerritory : Scoring::kArea;
  rules.tax = from_name<Tax>(
      kTaxNames, spec.get_choice("tax", name_of(usual_tax(rules.scoring)), "none|seki|all"));
  rules.button = spec.get_bool("button", false);
  const bool leela = spec.get_choice("features", "zero", "zero|leela") == "leela";
  rules.features = leela ? Features::kLeela : Features::kZero;
  return rules;
}

std::string Rules::spec() const {
  const std::string size = width == height ? fmt::format("size={}", width)
                                           : fmt::format("width={},height={}", width, height);
  // Options that came later are left out at their defaults: runs and nets name their game by this.
  return fmt::format("go:{},komi={},ko={},suicide={},handicap_bonus={},max_plies={}{}{}{}{}", size,
                     komi(), kKoNames[static_cast<int>(ko)], suicide, to_string(handicap_bonus),
                     max_plies, features == Features::kLeela ? ",features=leela" : "",
                     scoring == Scoring::kTerritory ? ",scoring=territory" : "",
                     tax == usual_tax(scoring) ? "" : fmt::format(",tax={}", name_of(tax)),
                     button ? ",button=true" : "");
}

}  // namespace tengen::envs::go
