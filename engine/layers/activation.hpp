// Activation functions as layers, for use in Sequential.
#pragma once

#include "engine/layers/module.hpp"

namespace tengen {

class Relu : public Layer {
 public:
  Variable forward(const Variable& x) override;
};

class Tanh : public Layer {
 public:
  Variable forward(const Variable& x) override;
};

class Sigmoid : public Layer {
 public:
  Variable forward(const Variable& x) override;
};

}  // namespace tengen
