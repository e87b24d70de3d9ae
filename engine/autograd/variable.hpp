// Reverse-mode automatic differentiation, define-by-run: each op records itself while it computes.
//
// A Variable is a handle to a node: a value, perhaps a gradient, and how it was made. Copying a
// Variable copies the handle. backward() visits the nodes that a scalar depends on in reverse
// topological order and adds into the gradients of the leaves that require one; the gradient of a
// node in between is freed as soon as it has been passed on. The graph is freed with its last
// handle. Neither walk recurses, so a graph may be millions of ops deep. Dynamic graphs (BPTT,
// attention, trees) are plain code. Thread safety: a graph belongs to one thread.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen {

class Variable {
 public:
  /// Undefined.
  Variable() = default;
  /// A leaf. Parameters require a gradient, data does not.
  explicit Variable(Tensor value, bool requires_grad = false);

  /// The result of an op. `backward` gets dL/d(value) and returns dL/d(parent) for each parent, in
  /// order; an undefined Tensor where a parent needs none (its requires_grad() is false). It should
  /// capture the Tensors it needs, not Variables. Where nothing requires a gradient, or under
  /// NoGrad, the result is a leaf without a gradient and `backward` is dropped.
  using Backward = std::function<std::vector<Tensor>(const Tensor& grad)>;
  static Variable make(Tensor value, std::vector<Variable> parents, Backward backward);

  bool defined() const { return node_ != nullptr; }
  const Tensor& value() const;
  Tensor& value();
  const Shape& shape() const { return value().shape(); }
  DType dtype() const { return value().dtype(); }

  bool requires_grad() const;
  /// Accumulated dL/d(value) of a leaf: undefined before the first backward() and after
  /// zero_grad(). Its storage may be shared with another gradient: replace it with set_grad(), do
  /// not write to it.
  const Tensor& grad() const;
  void set_grad(Tensor grad);
  void zero_grad();

  /// *this must have one element; its gradient is 1.
  void backward() const;

  /// For looking at a graph: what this was computed from (none: a leaf; some may be undefined), and
  /// what tells one node from another.
  std::vector<Variable> parents() const;
  const void* id() const { return node_.get(); }

 private:
  struct Node;
  std::shared_ptr<Node> node_;
};

/// While one exists on a thread, ops record nothing there: results require no gradient.
class NoGrad {
 public:
  NoGrad();
  ~NoGrad();
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;

 private:
  bool previous_;
};

}  // namespace tengen
