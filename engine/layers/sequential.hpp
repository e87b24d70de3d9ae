// A chain of layers, each fed with the result of the one before. Children are named "0", "1", ...
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "engine/layers/module.hpp"

namespace tengen {

class Sequential : public Layer {
 public:
  Sequential() = default;

  /// Appends a layer and returns it.
  template <typename L, typename... Args>
  L& emplace(Args&&... args) {
    auto layer = std::make_unique<L>(std::forward<Args>(args)...);
    L& result = *layer;
    append(std::move(layer));
    return result;
  }
  void append(std::unique_ptr<Layer> layer);

  Variable forward(const Variable& x) override;

  std::size_t size() const { return layers_.size(); }
  const Layer& operator[](std::size_t index) const { return *layers_[index]; }

 private:
  std::vector<std::unique_ptr<Layer>> layers_;
};

}  // namespace tengen
