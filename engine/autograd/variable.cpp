#include "engine/autograd/variable.hpp"

#include <utility>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

namespace {

thread_local bool recording = true;

}  // namespace

struct Variable::Node {
  Tensor value;
  Tensor grad;
  std::vector<std::shared_ptr<Node>> parents;  // none: a leaf
  Backward backward;
  bool requires_grad = false;
  bool visited = false;  // only during reverse_order()

  ~Node();
  bool is_leaf() const { return !backward; }
  void accumulate(Tensor term);
  static std::vector<Node*> reverse_order(Node* root);
};

// Takes over the parents of every node that dies with this one, so that no destructor below has
// parents left to recurse into.
Variable::Node::~Node() {
  std::vector<std::shared_ptr<Node>> dying = std::move(parents);
  while (!dying.empty()) {
    const std::shared_ptr<Node> node = std::move(dying.back());
    dying.pop_back();
    if (!node || node.use_count() > 1) continue;
    for (std::shared_ptr<Node>& parent : node->parents) dying.push_back(std::move(parent));
    node->parents.clear();
  }
}

// The first term is kept as it is, without a copy. Ops may hand the same tensor to several parents,
// so a sum is formed in place only where nobody else has the storage.
void Variable::Node::accumulate(Tensor term) {
  CHECK_INVARIANT(term.shape() == value.shape() && term.dtype() == value.dtype());
  if (!grad.defined()) {
    grad = std::move(term);
    return;
  }
  if (!grad.owns_storage_alone()) std::swap(grad, term);
  if (!grad.owns_storage_alone()) grad = grad.clone();
  kernels::add_in_place(grad, term);
}

// The nodes that `root` depends on and that require a gradient, each after all of its users:
// depth-first post-order with an explicit stack, reversed.
std::vector<Variable::Node*> Variable::Node::reverse_order(Node* root) {
  std::vector<Node*> order;
  std::vector<std::pair<Node*, std::size_t>> stack{{root, 0}};  // a node and its next parent
  root->visited = true;
  while (!stack.empty()) {
    auto& [node, next] = stack.back();
    if (next == node->parents.size()) {
      order.push_back(node);
      stack.pop_back();
      continue;
    }
    Node* parent = node->parents[next++].get();
    if (parent->visited || !parent->requires_grad) continue;
    parent->visited = true;
    stack.emplace_back(parent, 0);
  }
  for (Node* node : order) node->visited = false;
  return {order.rbegin(), order.rend()};
}

Variable::Variable(Tensor value, bool requires_grad) : node_(std::make_shared<Node>()) {
  if (!value.defined()) bad_argument("Variable", "expected a tensor, got an undefined one");
  if (requires_grad && value.dtype() != DType::f32 && value.dtype() != DType::f64)
    bad_argument("Variable", "expected f32 or f64 to take gradients of, got {}",
                 to_string(value.dtype()));
  node_->value = std::move(value);
  node_->requires_grad = requires_grad;
}

Variable Variable::make(Tensor value, std::vector<Variable> parents, Backward backward) {
  Variable result(std::move(value));
  bool needed = false;
  for (const Variable& parent : parents) needed = needed || parent.requires_grad();
  if (!needed || !recording) return result;
  Node& node = *result.node_;
  node.requires_grad = true;
  node.backward = std::move(backward);
  node.parents.reserve(parents.size());
  for (Variable& parent : parents) node.parents.push_back(std::move(parent.node_));
  return result;
}

const Tensor& Variable::value() const {
  CHECK_INVARIANT(defined());
  return node_->value;
}

Tensor& Variable::value() {
  CHECK_INVARIANT(defined());
  return node_->value;
}

bool Variable::requires_grad() const { return defined() && node_->requires_grad; }

const Tensor& Variable::grad() const {
  CHECK_INVARIANT(defined());
  return node_->grad;
}

void Variable::set_grad(Tensor grad) {
  if (grad.defined() && (grad.shape() != shape() || grad.dtype() != dtype()))
    bad_argument("set_grad", "expected {} {}, got {} {}", to_string(dtype()), to_string(shape()),
                 to_string(grad.dtype()), to_string(grad.shape()));
  node_->grad = std::move(grad);
}

void Variable::zero_grad() { set_grad(Tensor()); }

void Variable::backward() const {
  if (!requires_grad()) bad_argument("backward", "expected a result that requires a gradient");
  if (value().size() != 1)
    bad_argument("backward", "expected one element, got shape {}", to_string(shape()));
  const std::vector<Node*> order = Node::reverse_order(node_.get());
  node_->accumulate(Tensor::full(shape(), 1.0, dtype()));
  for (Node* node : order) {
    if (node->is_leaf() || !node->grad.defined()) continue;
    const Tensor grad = std::exchange(node->grad, Tensor());
    std::vector<Tensor> terms = node->backward(grad);
    CHECK_INVARIANT(terms.size() == node->parents.size());
    for (std::size_t i = 0; i < terms.size(); ++i)
      if (terms[i].defined() && node->parents[i]->requires_grad)
        node->parents[i]->accumulate(std::move(terms[i]));
  }
}

std::vector<Variable> Variable::parents() const {
  CHECK_INVARIANT(defined());
  std::vector<Variable> result(node_->parents.size());
  for (std::size_t i = 0; i < result.size(); ++i) result[i].node_ = node_->parents[i];
  return result;
}

NoGrad::NoGrad() : previous_(std::exchange(recording, false)) {}
NoGrad::~NoGrad() { recording = previous_; }

}  // namespace tengen
