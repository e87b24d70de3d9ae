#include "nets/bodies.hpp"

#include <array>
#include <string_view>

#include "engine/base/error.hpp"
#include "nets/dense_body.hpp"
#include "nets/mobile_body.hpp"
#include "nets/plain_bodies.hpp"
#include "nets/trunk.hpp"

namespace tengen::nets {

namespace {

/// For bodies of a class with a constructor (in, options, rng).
template <typename B, typename Options>
BodyRecipe recipe(const Options& options, bool for_games) {
  return {to_spec(options), for_games,
          [options](const ImageShape& in, Rng& rng) -> std::unique_ptr<Body> {
            return std::make_unique<B>(in, options, rng);
          }};
}

struct Kind {
  std::string_view name;
  bool for_games;
  BodyRecipe (*parse)(Spec& spec);
};

constexpr std::array kKinds{
    Kind{"resnet", true, [](Spec& spec) { return recipe<Trunk>(parse_trunk(spec), true); }},
    Kind{"mobile", true, [](Spec& spec) { return recipe<MobileBody>(parse_mobile(spec), true); }},
    Kind{"densenet", false, [](Spec& spec) { return recipe<DenseBody>(parse_dense(spec), false); }},
    Kind{"mlp", false, parse_mlp_body},
    Kind{"lenet", false, parse_lenet},
    Kind{"cnn", false, parse_cnn},
    Kind{"deep_cnn", false, parse_deep_cnn},
    Kind{"alexnet", false, parse_alexnet},
};

}  // namespace

BodyRecipe parse_body(Spec& spec) {
  for (const Kind& kind : kKinds)
    if (spec.name() == kind.name) return kind.parse(spec);
  bad_argument("net", "expected one of {}, got \"{}\"", body_names(false), spec.name());
}

std::string body_names(bool for_games) {
  std::string names;
  for (const Kind& kind : kKinds)
    if (kind.for_games || !for_games) names += (names.empty() ? "" : ", ") + std::string(kind.name);
  return names;
}

}  // namespace tengen::nets
