// Nets and layers put into states that tests need.
#pragma once

#include <string>

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen::test {

inline bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Uniform in [low, high), fp32.
inline Tensor uniform_floats(const Shape& shape, Rng& rng, double low = -1, double high = 1) {
  Tensor tensor(shape);
  for (float& x : tensor.values<float>()) x = float(rng.uniform(low, high));
  return tensor;
}

/// Gives an fp32 module what long training would: batch norms and biases that are far from trivial.
inline void randomize_norms_and_biases(Module& module, Rng& rng) {
  const auto randomize = [&](Tensor tensor, double low, double high) {
    tensor.copy_from(uniform_floats(tensor.shape(), rng, low, high));
  };
  for (const NamedParameter& parameter : module.parameters()) {
    const Tensor& value = parameter.variable.value();
    if (ends_with(parameter.name, "gamma")) randomize(value, 0.5, 1.5);
    if (ends_with(parameter.name, "beta") || ends_with(parameter.name, "bias"))
      randomize(value, -0.5, 0.5);
  }
  for (const NamedBuffer& buffer : module.buffers())
    ends_with(buffer.name, "variance") ? randomize(buffer.tensor, 0.3, 2)
                                       : randomize(buffer.tensor, -0.5, 0.5);
}

/// Keeps every ReLU of an fp32 module of batch norms and linear layers away from its kink: even
/// channels are pushed far above zero, odd ones far below, so both branches are taken.
inline void push_off_kinks(Module& module) {
  for (const NamedParameter& parameter : module.parameters()) {
    if (!ends_with(parameter.name, "beta") && !ends_with(parameter.name, "bias")) continue;
    Tensor value = parameter.variable.value();
    const std::span<float> values = value.values<float>();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = i % 2 == 0 ? 6.0f : -40.0f;
  }
}

}  // namespace tengen::test
