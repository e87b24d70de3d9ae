#include "engine/kernels/dense.hpp"

#include <algorithm>

#include "engine/kernels/fast_math.hpp"
#include "engine/kernels/onednn/vectorised.hpp"

namespace tengen::kernels {

namespace {

constexpr std::int64_t kLanes = 16;
using Lanes [[gnu::vector_size(64), gnu::aligned(4), gnu::may_alias]] = float;

std::int64_t round_up(std::int64_t n) { return (n + kLanes - 1) / kLanes * kLanes; }

/// C [M, N] = A B (+ bias). A's element (i, k) is at i row_stride + k column_stride; B [K, N] has
/// rows of `b_stride` floats, and C of N, the last vector of each row cut off at N.
struct Product {
  std::int64_t m, n, k;
  const float* a;
  std::int64_t row_stride, column_stride;
  const float* b;
  std::int64_t b_stride;
  const float* bias;  // null: none
  float* c;
};

/// R rows and V vectors of C, kept in registers over all of k.
template <int R, int V>
void tile(const Product& p, std::int64_t i, std::int64_t j) {
  Lanes sum[R][V];
  for (int r = 0; r < R; ++r)
    for (int v = 0; v < V; ++v)
      sum[r][v] = p.bias ? *reinterpret_cast<const Lanes*>(p.bias + j + v * kLanes) : Lanes{};
  const float* a = p.a + i * p.row_stride;
  const float* b = p.b + j;
  for (std::int64_t k = 0; k < p.k; ++k, a += p.column_stride, b += p.b_stride)
    for (int v = 0; v < V; ++v) {
      const Lanes column = *reinterpret_cast<const Lanes*>(b + v * kLanes);
      for (int r = 0; r < R; ++r) sum[r][v] += a[r * p.row_stride] * column;
    }
  for (int r = 0; r < R; ++r)
    for (int v = 0; v < V; ++v) {
      float* out = p.c + (i + r) * p.n + j + v * kLanes;
      const std::int64_t left = p.n - j - v * kLanes;
      if (left >= kLanes)
        *reinterpret_cast<Lanes*>(out) = sum[r][v];
      else
        for (std::int64_t lane = 0; lane < left; ++lane) out[lane] = sum[r][v][lane];
    }
}

template <int R>
void strip(const Product& p, std::int64_t i) {
  const std::int64_t width = round_up(p.n);
  std::int64_t j = 0;
  // A single row needs more vectors to have enough sums on their way at once.
  if constexpr (R == 1)
    for (; j + 4 * kLanes <= width; j += 4 * kLanes) tile<1, 4>(p, i, j);
  for (; j + 2 * kLanes <= width; j += 2 * kLanes) tile<R, 2>(p, i, j);
  if (j < width) tile<R, 1>(p, i, j);
}

void product(const Product& p) {
  std::int64_t i = 0;
  for (; i + 4 <= p.m; i += 4) strip<4>(p, i);
  for (; i < p.m; ++i) strip<1>(p, i);
}

/// Rows of `columns` floats with zeros up to a whole vector, where they have none already.
const float* padded(const float* values, std::int64_t rows, std::int64_t columns,
                    std::vector<float>& scratch) {
  const std::int64_t width = round_up(columns);
  if (width == columns) return values;
  scratch.assign(rows * width, 0.0f);
  for (std::int64_t i = 0; i < rows; ++i)
    std::copy_n(values + i * columns, columns, scratch.data() + i * width);
  return scratch.data();
}

}  // namespace

void pack_dense(const Tensor& weight, const Tensor& bias, PackedDense& packed) {
  const std::int64_t n = weight.dim(0), k = weight.dim(1), width = round_up(n);
  packed.inputs = k;
  packed.outputs = n;
  packed.weight.assign(k * width, 0.0f);
  packed.bias.assign(width, 0.0f);
  const float* w = weight.values<float>().data();
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < k; ++j) packed.weight[j * width + i] = w[i * k + j];
  std::ranges::copy(bias.values<float>(), packed.bias.begin());
}

void dense(const PackedDense& layer, DenseActivation activation, std::int64_t rows, const float* x,
           float* y) {
  const Product p{.m = rows,
                  .n = layer.outputs,
                  .k = layer.inputs,
                  .a = x,
                  .row_stride = layer.inputs,
                  .column_stride = 1,
                  .b = layer.weight.data(),
                  .b_stride = round_up(layer.outputs),
                  .bias = layer.bias.data(),
                  .c = y};
  dnn::vectorised([p] { product(p); });
  if (activation == DenseActivation::tanh) tanh_in_place(y, rows * layer.outputs);
}

void tanh_in_place(float* values, std::int64_t count) {
  dnn::vectorised([=] {
    for (std::int64_t i = 0; i < count; ++i) values[i] = tanh_of(values[i]);
  });
}

// With G = dL/d(x W^T + b), which is dy (1 - y^2) behind a tanh:
// dx = G W, dW = G^T x, db = the sum of G's rows.
DenseGradient dense_backward(const Tensor& dy, const Tensor& x, const Tensor& weight,
                             const Tensor& y, DenseActivation activation, bool need_x) {
  const std::int64_t m = x.dim(0), k = x.dim(1), n = weight.dim(0);
  thread_local std::vector<float> inner, scratch;
  const float* g = dy.values<float>().data();
  if (activation == DenseActivation::tanh) {
    inner.resize(m * n);
    float* out = inner.data();
    const float* result = y.values<float>().data();
    dnn::vectorised([=, down = g] {
      for (std::int64_t i = 0; i < m * n; ++i) out[i] = down[i] * (1 - result[i] * result[i]);
    });
    g = out;
  }
  DenseGradient gradient{{}, Tensor({n, k}), Tensor::zeros({n})};
  Product p{.m = n,
            .n = k,
            .k = m,
            .a = g,
            .row_stride = 1,
            .column_stride = n,
            .b = padded(x.values<float>().data(), m, k, scratch),
            .b_stride = round_up(k),
            .bias = nullptr,
            .c = gradient.weight.values<float>().data()};
  dnn::vectorised([p] { product(p); });
  float* bias = gradient.bias.values<float>().data();
  dnn::vectorised([=] {
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < n; ++j) bias[j] += g[i * n + j];
  });
  if (!need_x) return gradient;
  gradient.x = Tensor({m, k});
  p = {.m = m,
       .n = k,
       .k = n,
       .a = g,
       .row_stride = n,
       .column_stride = 1,
       .b = padded(weight.values<float>().data(), n, k, scratch),
       .b_stride = round_up(k),
       .bias = nullptr,
       .c = gradient.x.values<float>().data()};
  dnn::vectorised([p] { product(p); });
  return gradient;
}

}  // namespace tengen::kernels
