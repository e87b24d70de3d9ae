// Flatten: [N, ...] -> [N, the rest], row-major (an image keeps its channels fastest).
#pragma once

#include "engine/layers/module.hpp"

namespace tengen {

class Flatten : public Layer {
 public:
  Variable forward(const Variable& x) override;
};

}  // namespace tengen
