#include "engine/optim/early_stopping.hpp"

#include "engine/base/error.hpp"

namespace tengen {

EarlyStopping::EarlyStopping(Module& module, const EarlyStoppingOptions& options)
    : options_(options), module_(module) {
  if (options.patience < 1)
    bad_argument("EarlyStopping", "expected a patience of at least 1, got {}", options.patience);
  if (options.min_improvement < 0)
    bad_argument("EarlyStopping", "expected min_improvement >= 0, got {}", options.min_improvement);
}

bool EarlyStopping::update(double loss) {
  if (loss < best_loss_ - options_.min_improvement) {
    best_loss_ = loss;
    best_round_ = round_;
    best_.clear();
    for (const Tensor& tensor : live_tensors()) best_.push_back(tensor.clone());
  }
  return round_++ - best_round_ < options_.patience;
}

void EarlyStopping::restore_best() {
  if (best_.empty()) return;
  std::vector<Tensor> live = live_tensors();
  for (std::size_t i = 0; i < live.size(); ++i) live[i].copy_from(best_[i]);
}

// Handles that share the module's storage.
std::vector<Tensor> EarlyStopping::live_tensors() const {
  std::vector<Tensor> result;
  for (const NamedParameter& parameter : module_.parameters())
    result.push_back(parameter.variable.value());
  for (const NamedBuffer& buffer : module_.buffers()) result.push_back(buffer.tensor);
  return result;
}

}  // namespace tengen
