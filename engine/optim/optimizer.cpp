#include "engine/optim/optimizer.hpp"

#include <utility>

#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

Optimizer::Optimizer(std::vector<NamedParameter> parameters, double learning_rate)
    : parameters_(std::move(parameters)), learning_rate_(learning_rate) {
  if (parameters_.empty()) bad_argument("Optimizer", "expected at least one parameter, got none");
  for (const NamedParameter& parameter : parameters_)
    total_size_ += parameter.variable.value().size();
}

void Optimizer::step() {
  ++steps_;
#pragma omp parallel for schedule(dynamic) if (total_size_ >= kernels::kMinShared)
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    Variable& parameter = parameters_[i].variable;
    if (parameter.grad().defined()) update(i, parameter.value(), parameter.grad());
  }
}

void Optimizer::set_steps(std::int64_t steps, std::int64_t began_at) {
  if (began_at < 0 || began_at > steps)
    bad_argument("Optimizer", "expected 0 <= began_at <= {} steps, got {}", steps, began_at);
  steps_ = steps;
  began_at_ = began_at;
}

void Optimizer::zero_grad() {
  for (NamedParameter& parameter : parameters_) parameter.variable.zero_grad();
}

std::vector<Tensor> Optimizer::zeros_like_parameters() const {
  std::vector<Tensor> result;
  for (const NamedParameter& parameter : parameters_)
    result.push_back(Tensor::zeros(parameter.variable.shape(), parameter.variable.dtype()));
  return result;
}

std::vector<NamedBuffer> Optimizer::named(const std::string& kind,
                                          const std::vector<Tensor>& tensors) const {
  std::vector<NamedBuffer> result;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    result.push_back({kind + "." + parameters_[i].name, tensors[i]});
  return result;
}

}  // namespace tengen
