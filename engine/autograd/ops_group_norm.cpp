#include "engine/autograd/ops_group_norm.hpp"

#include <cmath>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/base/error.hpp"

namespace tengen {

namespace {

/// x as [examples, positions, groups, width]: a group is `positions` runs of `width` elements.
struct Groups {
  std::int64_t examples, positions, groups, width;
  std::int64_t count() const { return positions * width; }
};

/// Calls visit(first element, length) for each run of group g of example n.
template <typename Visit>
void for_each_run(const Groups& s, std::int64_t n, std::int64_t g, Visit visit) {
  for (std::int64_t p = 0; p < s.positions; ++p)
    visit(std::size_t(((n * s.positions + p) * s.groups + g) * s.width), std::size_t(s.width));
}

/// Sum over one group of term(element index).
template <typename Term>
double group_sum(const Groups& s, std::int64_t n, std::int64_t g, Term term) {
  double total = 0;
  for_each_run(s, n, g, [&](std::size_t first, std::size_t length) {
    for (std::size_t i = first; i < first + length; ++i) total += term(i);
  });
  return total;
}

struct Standardised {
  Tensor y, scales;  // scales [examples, groups]: 1 / sqrt(variance + epsilon)
};

template <typename T>
Standardised standardise(const Tensor& x, const Groups& s, double epsilon) {
  Standardised result{Tensor(x.shape(), x.dtype()), Tensor({s.examples, s.groups}, x.dtype())};
  const std::span<const T> in = x.values<T>();
  const std::span<T> out = result.y.values<T>(), scales = result.scales.values<T>();
  for (std::int64_t n = 0; n < s.examples; ++n)
    for (std::int64_t g = 0; g < s.groups; ++g) {
      const double count = double(s.count());
      const double mean = group_sum(s, n, g, [&](std::size_t i) { return double(in[i]); }) / count;
      const double variance = group_sum(s, n, g,
                                        [&](std::size_t i) {
                                          return (double(in[i]) - mean) * (double(in[i]) - mean);
                                        }) /
                              count;
      const double scale = 1 / std::sqrt(variance + epsilon);
      scales[std::size_t(n * s.groups + g)] = T(scale);
      for_each_run(s, n, g, [&](std::size_t first, std::size_t length) {
        for (std::size_t i = first; i < first + length; ++i) out[i] = T((in[i] - mean) * scale);
      });
    }
  return result;
}

// dx = scale (dy - mean(dy) - y mean(dy y)), the means over the group.
template <typename T>
Tensor standardise_backward(const Tensor& dy, const Standardised& forward, const Groups& s) {
  Tensor dx(dy.shape(), dy.dtype());
  const std::span<const T> down = dy.values<T>(), y = forward.y.values<T>();
  const std::span<T> out = dx.values<T>();
  for (std::int64_t n = 0; n < s.examples; ++n)
    for (std::int64_t g = 0; g < s.groups; ++g) {
      const double count = double(s.count());
      const T mean = T(group_sum(s, n, g, [&](std::size_t i) { return double(down[i]); }) / count);
      const T slope =
          T(group_sum(s, n, g, [&](std::size_t i) { return double(down[i]) * y[i]; }) / count);
      const T scale = forward.scales.values<T>()[std::size_t(n * s.groups + g)];
      for_each_run(s, n, g, [&](std::size_t first, std::size_t length) {
        for (std::size_t i = first; i < first + length; ++i)
          out[i] = scale * (down[i] - mean - y[i] * slope);
      });
    }
  return dx;
}

Groups groups_of(const char* where, const Shape& shape, std::int64_t groups) {
  if (shape.rank() < 2 || shape.size() == 0)
    bad_argument(where, "expected a batch [N, ..., C] that is not empty, got shape {}",
                 to_string(shape));
  if (groups < 1 || shape[-1] % groups != 0)
    bad_argument(where, "expected groups that divide {} channels, got {}", shape[-1], groups);
  return {shape[0], shape.size() / shape[0] / shape[-1], groups, shape[-1] / groups};
}

Variable standardise(const Variable& x, const Groups& s, double epsilon) {
  return dispatch_float("group_norm", x.dtype(), [&]<typename T>(T) {
    const Standardised forward = standardise<T>(x.value(), s, epsilon);
    return Variable::make(forward.y, {x}, [forward, s](const Tensor& dy) {
      return std::vector<Tensor>{standardise_backward<T>(dy, forward, s)};
    });
  });
}

}  // namespace

Variable group_norm(const Variable& x, const Variable& gamma, const Variable& beta,
                    std::int64_t groups, double epsilon) {
  const Groups s = groups_of("group_norm", x.shape(), groups);
  return add(multiply(standardise(x, s, epsilon), gamma), beta);
}

Variable layer_norm(const Variable& x, const Variable& gamma, const Variable& beta,
                    double epsilon) {
  Groups s = groups_of("layer_norm", x.shape(), 1);
  s.examples *= s.positions;  // each position is normalised alone
  s.positions = 1;
  return add(multiply(standardise(x, s, epsilon), gamma), beta);
}

}  // namespace tengen
