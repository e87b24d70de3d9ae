// Activation functions as layers, for use in Sequential. Those with parameters or randomness of
// their own are in rectifiers.hpp.
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

/// y = x: the output unit of regression.
class Identity : public Layer {
 public:
  Variable forward(const Variable& x) override;
};

/// 1 where x > 0, else 0; no gradient passes.
class Step : public Layer {
 public:
  Variable forward(const Variable& x) override;
};

class Gelu : public Layer {
 public:
  Variable forward(const Variable& x) override;
};

class Silu : public Layer {
 public:
  Variable forward(const Variable& x) override;
};

/// Over the last axis.
class Softmax : public Layer {
 public:
  Variable forward(const Variable& x) override;
};

/// Over the last axis.
class LogSoftmax : public Layer {
 public:
  Variable forward(const Variable& x) override;
};

}  // namespace tengen
