// The distribution that a net's weights start from, as a description names it: init=he, and so on.
//
//   he          N(0, 2 / fan_in), for ReLU (He et al. 2015)
//   xavier      uniform with variance 2 / (fan_in + fan_out) (Glorot and Bengio 2010)
//   lecun       N(0, 1 / fan_in) (LeCun et al. 1998; many books call it Xavier's)
//   orthogonal  orthonormal rows or columns (Saxe, McClelland and Ganguli 2014)
//   normal      N(0, 1)
//   zero        all 0, the symmetry that no training breaks
//   default     what each layer chooses: He's before rectifiers, Xavier's elsewhere
//
// init_scale multiplies the weights: init=normal,init_scale=0.01 is N(0, 0.01^2). Biases, norms and
// learned slopes start as ever.
#pragma once

#include <string>

#include "engine/base/random.hpp"
#include "engine/base/spec.hpp"
#include "engine/layers/module.hpp"

namespace tengen::nets {

struct InitialWeights {
  std::string name = "default";
  double scale = 1;

  bool is_default() const { return name == "default"; }
};

/// Options init and, unless that is the default, init_scale.
InitialWeights parse_initial_weights(Spec& spec);
/// ",init=normal,init_scale=0.01"; "" for the default.
std::string to_spec(const InitialWeights& options);

/// Draws every weight of more than one dimension below `module` anew; the default leaves all alone.
void initialise(Module& module, const InitialWeights& options, Rng& rng);

}  // namespace tengen::nets
