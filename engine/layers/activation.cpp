#include "engine/layers/activation.hpp"

#include "engine/autograd/ops_activation.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_softmax.hpp"

namespace tengen {

Variable Relu::forward(const Variable& x) { return relu(x); }
Variable Tanh::forward(const Variable& x) { return tanh(x); }
Variable Sigmoid::forward(const Variable& x) { return sigmoid(x); }
Variable Identity::forward(const Variable& x) { return x; }
Variable Step::forward(const Variable& x) { return step(x); }
Variable Gelu::forward(const Variable& x) { return gelu(x); }
Variable Silu::forward(const Variable& x) { return silu(x); }
Variable Softmax::forward(const Variable& x) { return softmax(x); }
Variable LogSoftmax::forward(const Variable& x) { return log_softmax(x); }

}  // namespace tengen
