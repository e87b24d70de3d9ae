#include "engine/layers/first_non_finite.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tengen {

namespace {

/// "trunk.0.conv1" of "trunk.0.conv1.weight".
std::string layer_of(const std::string& parameter) {
  return parameter.substr(0, parameter.rfind('.'));
}

class Search {
 public:
  explicit Search(std::span<const NamedParameter> parameters) {
    for (const NamedParameter& parameter : parameters)
      names_.emplace(parameter.variable.id(), parameter.name);
  }

  /// Depth first with an explicit stack, each value after all that it was computed from.
  std::string run(const Variable& result) {
    std::vector<std::pair<Variable, std::size_t>> stack{{result, 0}};  // and its next parent
    seen_.emplace(result.id(), Seen{});
    while (!stack.empty()) {
      auto& [variable, next] = stack.back();
      const std::vector<Variable> parents = variable.parents();
      if (next < parents.size()) {
        const Variable parent = parents[next++];
        if (parent.defined() && seen_.emplace(parent.id(), Seen{}).second)
          stack.emplace_back(parent, 0);
        continue;
      }
      if (visit(variable, parents)) return describe(variable, parents);
      stack.pop_back();
    }
    return "";
  }

 private:
  struct Seen {
    std::string layer;  // of the nearest parameter that the value depends on
  };

  /// True for the culprit.
  bool visit(const Variable& variable, const std::vector<Variable>& parents) {
    Seen& seen = seen_[variable.id()];
    for (const Variable& parent : parents) {
      if (!parent.defined()) continue;
      const auto name = names_.find(parent.id());
      if (name != names_.end())
        seen.layer = layer_of(name->second);
      else if (seen.layer.empty())
        seen.layer = seen_[parent.id()].layer;
    }
    return !is_finite(variable.value());
  }

  std::string describe(const Variable& variable, const std::vector<Variable>& parents) {
    const auto name = names_.find(variable.id());
    if (name != names_.end()) return "parameter " + name->second;
    if (parents.empty()) return "the input";
    const bool own = std::ranges::any_of(
        parents, [&](const Variable& p) { return p.defined() && names_.contains(p.id()); });
    const std::string& layer = seen_[variable.id()].layer;
    if (layer.empty()) return "an operation before the first layer";
    return (own ? "layer " : "an operation after layer ") + layer;
  }

  std::unordered_map<const void*, std::string> names_;
  std::unordered_map<const void*, Seen> seen_;
};

template <typename T>
bool all_finite(std::span<const T> values) {
  return std::ranges::all_of(values, [](T x) { return std::isfinite(x); });
}

}  // namespace

std::string first_non_finite(const Variable& result, std::span<const NamedParameter> parameters) {
  return Search(parameters).run(result);
}

bool is_finite(const Tensor& tensor) {
  if (tensor.dtype() == DType::f32) return all_finite(tensor.values<float>());
  if (tensor.dtype() == DType::f64) return all_finite(tensor.values<double>());
  return true;
}

}  // namespace tengen
