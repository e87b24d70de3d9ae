// Module: a layer or net with named parameters (trained), buffers (saved but not trained, such as
// running statistics) and children, in train or eval mode.
//
// Names are paths: "trunk.3.conv1.weight". A subclass registers its members in its constructor;
// they must live as long as the module, so modules are neither copied nor moved.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/autograd/variable.hpp"
#include "engine/base/random.hpp"

namespace tengen {

struct NamedParameter {
  std::string name;
  Variable variable;  // shares the module's node
};
struct NamedBuffer {
  std::string name;
  Tensor tensor;  // shares the module's storage
};

class Module {
 public:
  virtual ~Module() = default;
  Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  /// All parameters and buffers below this module, in registration order.
  std::vector<NamedParameter> parameters() const;
  std::vector<NamedBuffer> buffers() const;
  std::int64_t num_parameters() const;

  /// Training mode (the initial one): batch statistics, dropout. Eval: running statistics.
  void train(bool on = true);
  void eval() { train(false); }
  bool training() const { return training_; }
  void zero_grad();

  /// Starts every random generator below this module (dropout masks and the like) afresh from
  /// `rng`, each from a stream of its own: what a module draws next then depends on `rng` alone,
  /// not on what it drew before. A trainer that calls it before each step can be resumed to the
  /// bit.
  void reseed(const Rng& rng);

  /// Converts every parameter and buffer (gradient checks run in f64).
  void to(DType dtype);

 protected:
  Variable& register_parameter(std::string name, Variable& parameter);
  Tensor& register_buffer(std::string name, Tensor& buffer);
  void register_child(std::string name, Module& child);

  /// A module that draws random numbers takes `rng` as its generator.
  virtual void on_reseed(const Rng& /*rng*/) {}

 private:
  std::vector<std::pair<std::string, Variable*>> parameters_;
  std::vector<std::pair<std::string, Tensor*>> buffers_;
  std::vector<std::pair<std::string, Module*>> children_;
  bool training_ = true;
};

/// A module that maps one Variable to one: what Sequential chains and Residual wraps.
class Layer : public Module {
 public:
  virtual Variable forward(const Variable& x) = 0;
};

}  // namespace tengen
