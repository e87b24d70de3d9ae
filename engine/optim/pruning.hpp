// Magnitude pruning (Han et al. 2015): the smallest weights become zero and stay so, in steps while
// training goes on (Zhu and Gupta 2018), so that the others can make up for them.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/layers/module.hpp"

namespace tengen {

/// The sparsity at time `step` of `total` on the way to `final_sparsity`: fast at first, then ever
/// slower, final (1 - (1 - step / total)^3) (Zhu and Gupta, eq. 1, from 0). Constant after `total`.
double gradual_sparsity(double final_sparsity, std::int64_t step, std::int64_t total);

class MagnitudePruning {
 public:
  /// Of the parameters only weights of rank 2 and above are pruned: biases and norms are few. They
  /// share the module's storage.
  explicit MagnitudePruning(const std::vector<NamedParameter>& parameters);

  /// Chooses the share `sparsity` in [0, 1) of all weights together that are smallest in magnitude,
  /// and sets them to zero. What is chosen follows from the weights alone; those that are zero
  /// already come first.
  void prune_to(double sparsity);
  /// Sets the chosen weights to zero again: call after every update.
  void apply();
  /// The same for another module of this architecture, such as a moving average.
  void apply_to(const std::vector<NamedParameter>& parameters) const;

  /// Share of the weights that are zero now.
  double sparsity() const;

 private:
  std::vector<NamedParameter> weights_;
  std::vector<std::vector<bool>> dropped_;  // by weight and element
};

}  // namespace tengen
