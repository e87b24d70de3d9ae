#include "engine/autograd/ops_elementwise.hpp"

#include "engine/kernels/backend.hpp"

namespace tengen {

namespace {

using kernels::Backend;
using kernels::Binary;
using kernels::Unary;

/// The adjoint of broadcasting `shape` to the gradient's shape.
Tensor reduce_to(const Tensor& grad, const Shape& shape) {
  if (grad.shape() == shape) return grad;
  return kernels::default_for(grad.dtype()).sum_to(grad, shape);
}

/// relu, tanh, sigmoid and exp get by with the result, so their input can be freed.
bool needs_input(Unary op) {
  return op == Unary::log || op == Unary::square || op == Unary::negate;
}

Variable unary(Unary op, const Variable& x) {
  const Backend& backend = kernels::default_for(x.dtype());
  const Tensor y = backend.unary(op, x.value());
  return Variable::make(y, {x},
                        [&backend, op, x = needs_input(op) ? x.value() : y, y](const Tensor& dy) {
                          return std::vector<Tensor>{backend.unary_backward(op, dy, x, y)};
                        });
}

}  // namespace

Variable add(const Variable& a, const Variable& b) {
  const Backend& backend = kernels::default_for(a.dtype());
  return Variable::make(
      backend.binary(Binary::add, a.value(), b.value()), {a, b},
      [b_shape = b.shape(), need_b = b.requires_grad()](const Tensor& dy) {
        return std::vector<Tensor>{dy, need_b ? reduce_to(dy, b_shape) : Tensor()};
      });
}

Variable subtract(const Variable& a, const Variable& b) {
  const Backend& backend = kernels::default_for(a.dtype());
  return Variable::make(
      backend.binary(Binary::subtract, a.value(), b.value()), {a, b},
      [&backend, b_shape = b.shape(), need_b = b.requires_grad()](const Tensor& dy) {
        Tensor db;
        if (need_b) {
          const Tensor sum = reduce_to(dy, b_shape);
          db = backend.unary(Unary::negate, sum);
        }
        return std::vector<Tensor>{dy, db};
      });
}

Variable multiply(const Variable& a, const Variable& b) {
  const Backend& backend = kernels::default_for(a.dtype());
  return Variable::make(backend.binary(Binary::multiply, a.value(), b.value()), {a, b},
                        [&backend, a = a.value(), b = b.value(), need_a = a.requires_grad(),
                         need_b = b.requires_grad()](const Tensor& dy) {
                          Tensor da, db;
                          if (need_a) da = backend.binary(Binary::multiply, dy, b);
                          if (need_b)
                            db = reduce_to(backend.binary(Binary::multiply, dy, a), b.shape());
                          return std::vector<Tensor>{da, db};
                        });
}

// y = a / b: da = dy / b, db = -dy y / b.
Variable divide(const Variable& a, const Variable& b) {
  const Backend& backend = kernels::default_for(a.dtype());
  const Tensor y = backend.binary(Binary::divide, a.value(), b.value());
  return Variable::make(y, {a, b},
                        [&backend, y, b = b.value(), need_b = b.requires_grad()](const Tensor& dy) {
                          const Tensor da = backend.binary(Binary::divide, dy, b);
                          Tensor db;
                          if (need_b) {
                            const Tensor product = backend.binary(Binary::multiply, da, y);
                            db = backend.unary(Unary::negate, reduce_to(product, b.shape()));
                          }
                          return std::vector<Tensor>{da, db};
                        });
}

Variable scale(const Variable& x, double factor) {
  return multiply(x, Variable(Tensor::full(Shape(), factor, x.dtype())));
}

Variable relu(const Variable& x) { return unary(Unary::relu, x); }
Variable tanh(const Variable& x) { return unary(Unary::tanh, x); }
Variable sigmoid(const Variable& x) { return unary(Unary::sigmoid, x); }
Variable exp(const Variable& x) { return unary(Unary::exp, x); }
Variable log(const Variable& x) { return unary(Unary::log, x); }
Variable square(const Variable& x) { return unary(Unary::square, x); }

}  // namespace tengen
