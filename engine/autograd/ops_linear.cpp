#include "engine/autograd/ops_linear.hpp"

#include "engine/kernels/backend.hpp"

namespace tengen {

// With Y = A B: dA = dY B^T and dB = A^T dY. A factor stored transposed gets its gradient
// transposed.
Variable matmul(const Variable& a, const Variable& b, bool transpose_a, bool transpose_b) {
  const kernels::Backend& backend = kernels::default_for(a.dtype());
  Tensor y = backend.matmul(a.value(), b.value(), transpose_a, transpose_b);
  return Variable::make(std::move(y), {a, b},
                        [&backend, a = a.value(), b = b.value(), transpose_a, transpose_b,
                         need_a = a.requires_grad(), need_b = b.requires_grad()](const Tensor& dy) {
                          Tensor da, db;
                          if (need_a)
                            da = transpose_a ? backend.matmul(b, dy, transpose_b, true)
                                             : backend.matmul(dy, b, false, !transpose_b);
                          if (need_b)
                            db = transpose_b ? backend.matmul(dy, a, true, transpose_a)
                                             : backend.matmul(a, dy, !transpose_a, false);
                          return std::vector<Tensor>{da, db};
                        });
}

}  // namespace tengen
