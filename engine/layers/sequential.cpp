#include "engine/layers/sequential.hpp"

namespace tengen {

void Sequential::append(std::unique_ptr<Layer> layer) {
  register_child(std::to_string(layers_.size()), *layer);
  layers_.push_back(std::move(layer));
}

Variable Sequential::forward(const Variable& x) {
  Variable y = x;
  for (const std::unique_ptr<Layer>& layer : layers_) y = layer->forward(y);
  return y;
}

}  // namespace tengen
