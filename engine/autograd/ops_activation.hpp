// Differentiable activation functions beyond relu, tanh, sigmoid (ops_elementwise.hpp) and softmax
// (ops_softmax.hpp). All are elementwise but maxout and the channel slopes of prelu.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// The perceptron's threshold: 1 where x > 0, else 0. Its gradient is 0 everywhere.
Variable step(const Variable& x);

/// x where x > 0, else slope x; the derivative at 0 is the slope (Maas et al. 2013).
Variable leaky_relu(const Variable& x, double slope);
/// The same with a slope for each channel, x [..., C], slopes [C], or one for each element
/// (slopes of x's shape): parametric and randomized ReLU (He et al. 2015; Xu et al. 2015).
Variable prelu(const Variable& x, const Variable& slopes);

/// x [..., K] -> [...]: the largest of each row; the gradient goes to the first maximum
/// (Goodfellow et al. 2013).
Variable max_last_axis(const Variable& x);

/// x Phi(x) with the normal distribution function Phi, exact by erf (Hendrycks and Gimpel 2016).
Variable gelu(const Variable& x);
/// x sigmoid(x), also called swish (Elfwing et al. 2018).
Variable silu(const Variable& x);

/// |x|; the gradient at 0 is 0.
Variable absolute(const Variable& x);

}  // namespace tengen
