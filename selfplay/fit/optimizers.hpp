// The optimizers by name.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/optim/optimizer.hpp"

namespace tengen::selfplay {

struct OptimizerOptions {
  std::string name = "adam";
  double learning_rate = 1e-3;
  double momentum = 0.9;    // of momentum and nesterov
  double weight_decay = 0;  // added to the gradient as weight_decay theta; adamw: decoupled
};

/// sgd (plain), momentum, nesterov, adagrad, rmsprop, adam, adamw.
std::set<std::string> optimizer_names();
/// The one that users of the optimizer start from. Throws std::invalid_argument on another name.
double usual_learning_rate(const std::string& name);
/// Throws std::invalid_argument on another name.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          std::vector<NamedParameter> parameters);

}  // namespace tengen::selfplay
