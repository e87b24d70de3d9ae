#include "nets/initial_weights.hpp"

#include <cmath>

#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"

namespace tengen::nets {

namespace {

Tensor scaled(Tensor weights, double scale) {
  for (float& w : weights.values<float>()) w = static_cast<float>(scale * w);
  return weights;
}

/// `shape` is [outputs, ..., inputs], between them the places of a convolution's kernel.
Tensor draw(const InitialWeights& options, const Shape& shape, Rng& rng) {
  const std::int64_t fan_in = shape.size() / shape[0], fan_out = shape.size() / shape[-1];
  const auto& [name, scale] = options;
  if (name == "he") return scaled(he_normal(shape, fan_in, rng), scale);
  if (name == "xavier") return scaled(xavier_uniform(shape, fan_in, fan_out, rng), scale);
  if (name == "lecun") return random_normal(shape, scale / std::sqrt(double(fan_in)), rng);
  if (name == "orthogonal") return orthogonal(shape, scale, rng);
  if (name == "normal") return random_normal(shape, scale, rng);
  if (name == "zero") return Tensor::zeros(shape);
  bad_argument("initialise", "expected a known distribution, got {}", name);
}

}  // namespace

InitialWeights parse_initial_weights(Spec& spec) {
  InitialWeights options;
  options.name =
      spec.get_choice("init", options.name, "default|he|xavier|lecun|orthogonal|normal|zero");
  if (!options.is_default()) options.scale = spec.get_double("init_scale", options.scale, 0, 1000);
  return options;
}

std::string to_spec(const InitialWeights& options) {
  if (options.is_default()) return "";
  const std::string scale =
      options.scale == 1 ? "" : fmt::format(",init_scale={:g}", options.scale);
  return ",init=" + options.name + scale;
}

void initialise(Module& module, const InitialWeights& options, Rng& rng) {
  if (options.is_default()) return;
  for (NamedParameter& parameter : module.parameters()) {
    Tensor& value = parameter.variable.value();
    if (value.shape().rank() < 2) continue;
    value.copy_from(draw(options, value.shape(), rng));
  }
}

}  // namespace tengen::nets
