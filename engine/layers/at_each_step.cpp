#include "engine/layers/at_each_step.hpp"

#include <vector>

#include "engine/autograd/ops_shape.hpp"

namespace tengen {

Variable at_each_step(Layer& layer, const Variable& x) {
  const std::int64_t width = x.shape()[-1];
  std::vector<std::int64_t> dims(x.shape().dims().begin(), x.shape().dims().end());
  dims.pop_back();
  const std::int64_t rows = Shape(dims).size();
  const Variable y = layer.forward(reshape(x, {rows, width}));
  dims.push_back(y.shape()[1]);
  return reshape(y, Shape(dims));
}

}  // namespace tengen
