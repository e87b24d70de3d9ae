// The one table of policy/value nets that can be named in a description.
#include <array>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "nets/alpha_zero_net.hpp"
#include "nets/mlp_net.hpp"

namespace tengen::nets {

namespace {

struct Architecture {
  std::string_view name;
  std::string (*canonical)(Spec& spec);
  std::unique_ptr<PolicyValueNet> (*make)(Spec& spec, const NetIo& io, Rng& rng);
};

std::string canonical_alpha_zero(Spec& spec) { return to_spec(parse_alpha_zero(spec)); }

std::unique_ptr<PolicyValueNet> make_alpha_zero(Spec& spec, const NetIo& io, Rng& rng) {
  return std::make_unique<AlphaZeroNet>(parse_alpha_zero(spec), io, rng);
}

constexpr std::array kArchitectures{
    Architecture{"resnet", canonical_alpha_zero, make_alpha_zero},
    Architecture{"mobile", canonical_alpha_zero, make_alpha_zero},
    Architecture{"mlp", [](Spec& spec) { return to_spec(parse_mlp(spec)); },
                 [](Spec& spec, const NetIo& io, Rng& rng) -> std::unique_ptr<PolicyValueNet> {
                   return std::make_unique<MlpNet>(parse_mlp(spec), io, rng);
                 }},
};

const Architecture& find_architecture(const std::string& name) {
  std::string known;
  for (const Architecture& architecture : kArchitectures) {
    if (name == architecture.name) return architecture;
    known += (known.empty() ? "" : ", ") + std::string(architecture.name);
  }
  bad_argument("net", "expected one of {}, got \"{}\"", known, name);
}

void check(const NetIo& io) {
  if (io.height < 1 || io.width < 1 || io.channels < 1 || io.actions < 1)
    bad_argument("net", "expected positive sizes, got {}x{}x{} observations and {} actions",
                 io.height, io.width, io.channels, io.actions);
}

}  // namespace

std::unique_ptr<PolicyValueNet> make_net(const std::string& spec, const NetIo& io, Rng& rng) {
  Spec parsed(spec);
  const Architecture& architecture = find_architecture(parsed.name());
  check(io);
  return architecture.make(parsed, io, rng);
}

std::string canonical_net_spec(const std::string& spec) {
  Spec parsed(spec);
  return find_architecture(parsed.name()).canonical(parsed);
}

}  // namespace tengen::nets
