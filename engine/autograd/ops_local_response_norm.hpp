// Differentiable local response normalisation across neighbouring channels (Krizhevsky, Sutskever
// and Hinton 2012, section 3.3):
//   y_c = x_c / (k + alpha / size * sum of x_j^2 over the `size` channels around c)^beta
// The paper's alpha is not divided by the size: its 1e-4 is 5e-4 here. Channels beyond the ends
// count as zero.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

struct LocalResponseNormOptions {
  int size = 5;  // odd: channels in a window
  double alpha = 1e-4;
  double beta = 0.75;
  double k = 1.0;  // positive
};

/// x [..., C] -> same shape.
Variable local_response_norm(const Variable& x, const LocalResponseNormOptions& options = {});

}  // namespace tengen
