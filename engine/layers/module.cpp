#include "engine/layers/module.hpp"

namespace tengen {

namespace {

/// A child without a name of its own has its parent's: its parameters are as the parent's.
std::string path(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

}  // namespace

std::vector<NamedParameter> Module::parameters() const {
  std::vector<NamedParameter> result;
  for (const auto& [name, parameter] : parameters_) result.push_back({name, *parameter});
  for (const auto& [prefix, child] : children_)
    for (NamedParameter& below : child->parameters())
      result.push_back({path(prefix, below.name), std::move(below.variable)});
  return result;
}

std::vector<NamedBuffer> Module::buffers() const {
  std::vector<NamedBuffer> result;
  for (const auto& [name, buffer] : buffers_) result.push_back({name, *buffer});
  for (const auto& [prefix, child] : children_)
    for (NamedBuffer& below : child->buffers())
      result.push_back({path(prefix, below.name), std::move(below.tensor)});
  return result;
}

std::int64_t Module::num_parameters() const {
  std::int64_t count = 0;
  for (const NamedParameter& parameter : parameters()) count += parameter.variable.value().size();
  return count;
}

void Module::train(bool on) {
  training_ = on;
  for (const auto& [name, child] : children_) child->train(on);
}

void Module::zero_grad() {
  for (const auto& [name, parameter] : parameters_) parameter->zero_grad();
  for (const auto& [name, child] : children_) child->zero_grad();
}

void Module::reseed(const Rng& rng) {
  on_reseed(rng);
  for (std::size_t i = 0; i < children_.size(); ++i) children_[i].second->reseed(rng.split(i));
}

void Module::to(DType dtype) {
  for (const auto& [name, parameter] : parameters_) {
    parameter->zero_grad();
    parameter->value() = parameter->value().to(dtype);
  }
  for (const auto& [name, buffer] : buffers_) *buffer = buffer->to(dtype);
  for (const auto& [name, child] : children_) child->to(dtype);
}

Variable& Module::register_parameter(std::string name, Variable& parameter) {
  parameters_.emplace_back(std::move(name), &parameter);
  return parameter;
}

Tensor& Module::register_buffer(std::string name, Tensor& buffer) {
  buffers_.emplace_back(std::move(name), &buffer);
  return buffer;
}

void Module::register_child(std::string name, Module& child) {
  children_.emplace_back(std::move(name), &child);
}

}  // namespace tengen
