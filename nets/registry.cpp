// The one table of nets that can be named in a description: the bodies of bodies.hpp and what a
// game puts on them.
#include <array>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "nets/alpha_zero_net.hpp"
#include "nets/bodies.hpp"
#include "nets/dense_body.hpp"
#include "nets/mlp_net.hpp"
#include "nets/mobile_body.hpp"
#include "nets/plain_bodies.hpp"
#include "nets/trunk.hpp"

namespace tengen::nets {

namespace {

/// A policy/value net whose options are read.
struct NetRecipe {
  std::string spec;  // canonical
  std::function<std::unique_ptr<PolicyValueNet>(const NetIo& io, Rng& rng)> make;
};

struct Kind {
  std::string_view name;
  BodyRecipe (*body)(Spec& spec, Purpose purpose);
  NetRecipe (*net)(Spec& spec);  // null: not for games
};

/// For bodies of a class with a constructor (in, options, rng).
template <typename B, typename Options>
BodyRecipe recipe(const Options& options) {
  return {to_spec(options),
          [options](const ImageShape& in, Rng& rng) -> std::unique_ptr<Body> {
            return std::make_unique<B>(in, options, rng);
          },
          {}};
}

BodyRecipe resnet(Spec& spec, Purpose) { return recipe<Trunk>(parse_trunk(spec)); }
BodyRecipe mobile(Spec& spec, Purpose) { return recipe<MobileBody>(parse_mobile(spec)); }
BodyRecipe densenet(Spec& spec, Purpose purpose) {
  return recipe<DenseBody>(parse_dense(spec, purpose == Purpose::games ? 1 : 3));
}
template <BodyRecipe (*parse)(Spec& spec)>
BodyRecipe plain(Spec& spec, Purpose) {
  return parse(spec);
}

/// For nets of a class with a constructor (options, io, rng).
template <typename N, typename Options>
NetRecipe net_recipe(const Options& options) {
  return {to_spec(options),
          [options](const NetIo& io, Rng& rng) -> std::unique_ptr<PolicyValueNet> {
            return std::make_unique<N>(options, io, rng);
          }};
}

NetRecipe two_heads(Spec& spec) { return net_recipe<AlphaZeroNet>(parse_alpha_zero(spec)); }
NetRecipe mlp_net(Spec& spec) { return net_recipe<MlpNet>(parse_mlp_net(spec)); }

constexpr std::array kKinds{
    Kind{"resnet", resnet, two_heads},
    Kind{"mobile", mobile, two_heads},
    Kind{"densenet", densenet, two_heads},
    Kind{"mlp", plain<parse_mlp_body>, mlp_net},
    Kind{"lenet", plain<parse_lenet>, nullptr},
    Kind{"cnn", plain<parse_cnn>, nullptr},
    Kind{"deep_cnn", plain<parse_deep_cnn>, nullptr},
    Kind{"alexnet", plain<parse_alexnet>, nullptr},
};

const Kind& find_kind(const std::string& name, Purpose purpose) {
  std::string known;
  for (const Kind& kind : kKinds) {
    if (purpose == Purpose::games && !kind.net) continue;
    if (name == kind.name) return kind;
    known += (known.empty() ? "" : ", ") + std::string(kind.name);
  }
  bad_argument("net", "expected one of {}, got \"{}\"", known, name);
}

NetRecipe parse_net(const std::string& text) {
  Spec spec(text);
  return find_kind(spec.name(), Purpose::games).net(spec);
}

void check(const NetIo& io) {
  if (io.height < 1 || io.width < 1 || io.channels < 1 || io.actions < 1)
    bad_argument("net", "expected positive sizes, got {}x{}x{} observations and {} actions",
                 io.height, io.width, io.channels, io.actions);
}

}  // namespace

std::string with_options(const std::string& spec, const std::string& options) {
  if (options.empty() || spec.find(':') != std::string::npos) return spec + options;
  return spec + ":" + options.substr(1);
}

BodyRecipe parse_body(Spec& spec, Purpose purpose) {
  BodyRecipe recipe = find_kind(spec.name(), purpose).body(spec, purpose);
  recipe.init = parse_initial_weights(spec);
  recipe.spec = with_options(recipe.spec, to_spec(recipe.init));
  return recipe;
}

std::unique_ptr<PolicyValueNet> make_net(const std::string& spec, const NetIo& io, Rng& rng) {
  const NetRecipe recipe = parse_net(spec);
  check(io);
  return recipe.make(io, rng);
}

std::string canonical_net_spec(const std::string& spec) { return parse_net(spec).spec; }

}  // namespace tengen::nets
