// A layer that can also be written as the ops of a PlanGraph: what nets are composed of, so that
// every net can be described, counted and compiled.
#pragma once

#include <cstdint>
#include <string>

#include "engine/layers/module.hpp"

namespace tengen::nets {

class GraphBuilder;

/// Of one image, or of a vector (1, 1, its length).
struct ImageShape {
  int height = 1, width = 1, channels = 1;
  std::int64_t size() const { return std::int64_t{height} * width * channels; }
  friend bool operator==(const ImageShape&, const ImageShape&) = default;
};

class GraphLayer : public Layer {
 public:
  /// Appends the layer in eval mode, its ops named from `name` on, and returns the value number of
  /// its result.
  virtual int emit(GraphBuilder& builder, const std::string& name, int input) const = 0;
};

/// The body of a net: images in, features out, for the heads of a policy/value net or the last
/// layer of a classifier. Features that are still an image have a width and height above 1.
class Body : public GraphLayer {
 public:
  virtual ImageShape output_shape() const = 0;
};

}  // namespace tengen::nets
