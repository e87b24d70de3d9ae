#include "engine/optim/pruning.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"

namespace tengen {

namespace {

std::vector<NamedParameter> weights_of(const std::vector<NamedParameter>& parameters) {
  std::vector<NamedParameter> weights;
  for (const NamedParameter& parameter : parameters)
    if (parameter.variable.shape().rank() >= 2) weights.push_back(parameter);
  return weights;
}

void clear(Tensor& tensor, const std::vector<bool>& dropped) {
  const std::span<float> values = tensor.values<float>();
  CHECK_INVARIANT(values.size() == dropped.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    if (dropped[i]) values[i] = 0;
}

}  // namespace

double gradual_sparsity(double final_sparsity, std::int64_t step, std::int64_t total) {
  if (step >= total) return final_sparsity;
  const double left = 1 - static_cast<double>(step) / static_cast<double>(total);
  return final_sparsity * (1 - left * left * left);
}

MagnitudePruning::MagnitudePruning(const std::vector<NamedParameter>& parameters)
    : weights_(weights_of(parameters)) {
  for (const NamedParameter& weight : weights_)
    dropped_.emplace_back(static_cast<std::size_t>(weight.variable.value().size()), false);
}

void MagnitudePruning::prune_to(double sparsity) {
  if (!(sparsity >= 0 && sparsity < 1))
    bad_argument("MagnitudePruning", "expected a sparsity in [0, 1), got {}", sparsity);
  std::vector<float> magnitudes;
  for (const NamedParameter& weight : weights_)
    for (const float w : weight.variable.value().values<float>()) magnitudes.push_back(std::abs(w));
  const auto count = static_cast<std::size_t>(sparsity * static_cast<double>(magnitudes.size()));
  if (count == 0) return;
  std::ranges::nth_element(magnitudes, magnitudes.begin() + static_cast<std::ptrdiff_t>(count) - 1);
  const float threshold = magnitudes[count - 1];
  for (std::size_t k = 0; k < weights_.size(); ++k) {
    const std::span<const float> values =
        std::as_const(weights_[k].variable).value().values<float>();
    for (std::size_t i = 0; i < values.size(); ++i)
      dropped_[k][i] = std::abs(values[i]) <= threshold;
  }
  apply();
}

void MagnitudePruning::apply() {
  for (std::size_t k = 0; k < weights_.size(); ++k)
    clear(weights_[k].variable.value(), dropped_[k]);
}

void MagnitudePruning::apply_to(const std::vector<NamedParameter>& parameters) const {
  std::vector<NamedParameter> others = weights_of(parameters);
  CHECK_INVARIANT(others.size() == weights_.size());
  for (std::size_t k = 0; k < others.size(); ++k) clear(others[k].variable.value(), dropped_[k]);
}

double MagnitudePruning::sparsity() const {
  double zeros = 0, all = 0;
  for (const NamedParameter& weight : weights_)
    for (const float w : std::as_const(weight.variable).value().values<float>()) {
      zeros += w == 0;
      ++all;
    }
  return all > 0 ? zeros / all : 0;
}

}  // namespace tengen
