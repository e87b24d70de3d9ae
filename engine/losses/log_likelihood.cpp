#include "engine/losses/log_likelihood.hpp"

#include "engine/autograd/dispatch_float.hpp"
#include "engine/base/vectorised.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

namespace {

/// gradient[i] = factor (targets[i] - mass p[i]) with the mass of the row's targets, in place of p.
template <typename T>
[[gnu::always_inline]] inline void finish_row(const T* __restrict targets, T* __restrict p,
                                              std::int64_t size, T factor) {
  T mass = 0;
#pragma omp simd reduction(+ : mass)
  for (std::int64_t i = 0; i < size; ++i) mass += targets[i];
#pragma omp simd
  for (std::int64_t i = 0; i < size; ++i) p[i] = factor * (targets[i] - mass * p[i]);
}

template <typename T>
void finish_gradient(const Tensor& targets, Tensor& p, T factor) {
  const std::int64_t size = p.dim(-1), rows = p.size() / size;
  run_on(cpu_vector_isa(),
         [t = targets.values<T>().data(), out = p.values<T>().data(), size, rows, factor] {
           for (std::int64_t n = 0; n < rows; ++n)
             finish_row(t + n * size, out + n * size, size, factor);
         });
}

}  // namespace

Variable log_likelihood(const Variable& logits, const Tensor& targets, double factor) {
  const kernels::Backend& backend = kernels::default_for(logits.dtype());
  const Tensor log_p = backend.log_softmax(logits.value());
  const Tensor sum = backend.sum_to(backend.binary(kernels::Binary::multiply, log_p, targets), {});
  return Variable::make(Tensor::full({}, factor * sum.item(), logits.dtype()), {logits},
                        [&backend, log_p, targets, factor](const Tensor& dy) {
                          Tensor dx = backend.unary(kernels::Unary::exp, log_p);
                          dispatch_float("log_likelihood", dx.dtype(), [&]<typename T>(T) {
                            finish_gradient<T>(targets, dx, T(factor * dy.item()));
                          });
                          return std::vector<Tensor>{dx};
                        });
}

}  // namespace tengen
