#include "engine/autograd/ops_global_pool.hpp"

#include "engine/autograd/dispatch_float.hpp"
#include "engine/base/error.hpp"

namespace tengen {

namespace {

struct Positions {
  std::size_t examples, positions, channels;
};

Positions positions_of(const char* where, const Shape& shape) {
  if (shape.rank() < 3 || shape[0] * shape[-1] == 0 || shape.size() == 0)
    bad_argument(where, "expected images [N, ..., C] with at least one position, got shape {}",
                 to_string(shape));
  const std::int64_t positions = shape.size() / shape[0] / shape[-1];
  return {std::size_t(shape[0]), std::size_t(positions), std::size_t(shape[-1])};
}

/// Calls visit(place in x, place in y) for every element of x.
template <typename Visit>
void for_each_element(const Positions& s, Visit visit) {
  for (std::size_t n = 0; n < s.examples; ++n)
    for (std::size_t p = 0; p < s.positions; ++p)
      for (std::size_t c = 0; c < s.channels; ++c)
        visit((n * s.positions + p) * s.channels + c, n * s.channels + c);
}

}  // namespace

Variable global_average_pool(const Variable& x) {
  const Shape shape = x.shape();
  const Positions s = positions_of("global_average_pool", shape);
  return dispatch_float("global_average_pool", x.dtype(), [&]<typename T>(T) {
    const T share = T(1) / T(s.positions);
    Tensor y = Tensor::zeros({shape[0], shape[-1]}, x.dtype());
    const std::span<const T> in = x.value().values<T>();
    const std::span<T> out = y.values<T>();
    for_each_element(s, [&](std::size_t i, std::size_t j) { out[j] += in[i] * share; });
    return Variable::make(std::move(y), {x}, [s, share, shape](const Tensor& dy) {
      Tensor dx(shape, dy.dtype());
      const std::span<const T> down = dy.values<T>();
      const std::span<T> result = dx.values<T>();
      for_each_element(s, [&](std::size_t i, std::size_t j) { result[i] = down[j] * share; });
      return std::vector<Tensor>{dx};
    });
  });
}

Variable global_max_pool(const Variable& x) {
  const Shape shape = x.shape();
  const Positions s = positions_of("global_max_pool", shape);
  return dispatch_float("global_max_pool", x.dtype(), [&]<typename T>(T) {
    const std::span<const T> in = x.value().values<T>();
    std::vector<std::size_t> winners(s.examples * s.channels, in.size());
    for_each_element(s, [&](std::size_t i, std::size_t j) {
      if (winners[j] == in.size() || in[i] > in[winners[j]]) winners[j] = i;
    });
    Tensor y({shape[0], shape[-1]}, x.dtype());
    for (std::size_t j = 0; j < winners.size(); ++j) y.values<T>()[j] = in[winners[j]];
    return Variable::make(std::move(y), {x}, [winners, shape](const Tensor& dy) {
      Tensor dx = Tensor::zeros(shape, dy.dtype());
      for (std::size_t j = 0; j < winners.size(); ++j)
        dx.values<T>()[winners[j]] = dy.values<T>()[j];
      return std::vector<Tensor>{dx};
    });
  });
}

}  // namespace tengen
