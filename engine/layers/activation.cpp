#include "engine/layers/activation.hpp"

#include "engine/autograd/ops_elementwise.hpp"

namespace tengen {

Variable Relu::forward(const Variable& x) { return relu(x); }
Variable Tanh::forward(const Variable& x) { return tanh(x); }
Variable Sigmoid::forward(const Variable& x) { return sigmoid(x); }

}  // namespace tengen
