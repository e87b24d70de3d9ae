// Batch norm as our own loops, which are bound by memory: the forward pass reads the images twice
// (statistics, then result), the backward pass reads them twice (sums, then gradient), and what
// follows the norm (residual, ReLU) rides along in registers.
//
// Statistics are taken over fixed blocks of rows that stay in the first-level cache: the block's
// mean, then its squared deviations, which blocks then combine exactly (Chan, Golub and LeVeque
// 1983, eq. 2.1) in double and in order. So there is no cancellation, and the result does not
// depend on the number of threads.
#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/kernels/onednn/kernels.hpp"
#include "engine/kernels/onednn/vectorised.hpp"

namespace tengen::kernels::dnn {

namespace {

using std::int64_t;

constexpr int64_t kBlockElements = 6144;  // floats of 24 KiB

/// x [..., C] as rows of C channels, in blocks.
struct Rows {
  explicit Rows(const Tensor& x)
      : channels(x.dim(-1)),
        count(x.size() / channels),
        block(std::max<int64_t>(16, kBlockElements / channels)),
        blocks((count + block - 1) / block) {}

  int64_t first(int64_t part) const { return part * block; }
  int64_t size_of(int64_t part) const { return std::min(block, count - first(part)); }

  int64_t channels, count, block, blocks;
};

/// work(block number) for all blocks, shared out over the threads.
template <typename Work>
void for_each_block(const Rows& rows, const Work& work) {
#pragma omp parallel for schedule(static) if (rows.count * rows.channels >= kMinShared)
  for (int64_t part = 0; part < rows.blocks; ++part) work(part);
}

/// Two numbers per channel for every block.
struct BlockSums {
  explicit BlockSums(const Rows& rows)
      : channels(rows.channels), values(static_cast<std::size_t>(2 * rows.blocks * channels)) {}

  float* first(int64_t part) { return values.data() + 2 * part * channels; }
  float* second(int64_t part) { return first(part) + channels; }

  int64_t channels;
  std::vector<float> values;  // zero at first
};

/// Mean and sum of squared deviations of each channel of a block.
template <typename T>
void block_statistics(const T* __restrict x, int64_t rows, int64_t channels, float* __restrict mean,
                      float* __restrict squares) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < channels; ++c) mean[c] += load(x[r * channels + c]);
  for (int64_t c = 0; c < channels; ++c) mean[c] /= static_cast<float>(rows);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < channels; ++c) {
      const float deviation = load(x[r * channels + c]) - mean[c];
      squares[c] += deviation * deviation;
    }
}

/// Combines the blocks' statistics into the mean and the biased variance.
void combine(const Rows& rows, BlockSums& blocks, Tensor& mean, Tensor& variance) {
  for (int64_t c = 0; c < rows.channels; ++c) {
    double n = 0, mu = 0, squares = 0;
    for (int64_t part = 0; part < rows.blocks; ++part) {
      const auto size = static_cast<double>(rows.size_of(part));
      const double delta = blocks.first(part)[c] - mu;
      squares += blocks.second(part)[c] + delta * delta * n * size / (n + size);
      mu += delta * size / (n + size);
      n += size;
    }
    elements<float>(mean)[c] = static_cast<float>(mu);
    elements<float>(variance)[c] = static_cast<float>(squares / n);
  }
}

template <typename T>
void statistics(const Tensor& x, Tensor& mean, Tensor& variance) {
  const Rows rows(x);
  BlockSums blocks(rows);
  for_each_block(rows, [&](int64_t part) {
    vectorised(
        [in = elements<T>(x) + rows.first(part) * rows.channels, count = rows.size_of(part),
         channels = rows.channels, sums = blocks.first(part),
         squares = blocks.second(part)] { block_statistics(in, count, channels, sums, squares); });
  });
  combine(rows, blocks, mean, variance);
}

/// gamma / sqrt(variance + epsilon).
std::vector<float> scales(const Tensor& gamma, const Tensor& variance, double epsilon) {
  std::vector<float> result(static_cast<std::size_t>(gamma.size()));
  for (std::size_t c = 0; c < result.size(); ++c)
    result[c] = static_cast<float>(elements<float>(gamma)[c] /
                                   std::sqrt(double{elements<float>(variance)[c]} + epsilon));
  return result;
}

/// y = scale (x - mean) + beta, plus the residual unless it is null, perhaps through a ReLU.
template <typename T>
struct Normalise {
  const T* x;
  const T* residual;
  T* y;
  const float *scale, *mean, *beta;
  int64_t rows, channels;
  bool relu;

  void operator()() const { residual ? run<true>() : run<false>(); }

  template <bool kResidual>
  void run() const {
    relu ? run<kResidual, true>() : run<kResidual, false>();
  }

  template <bool kResidual, bool kRelu>
  void run() const {
    const T* __restrict in = x;
    const T* __restrict added = residual;
    T* __restrict out = y;
    for (int64_t r = 0; r < rows;
         ++r, in += channels, added += kResidual ? channels : 0, out += channels)
#pragma omp simd
      for (int64_t c = 0; c < channels; ++c) {
        float z = scale[c] * (load(in[c]) - mean[c]) + beta[c];
        if constexpr (kResidual) z += load(added[c]);
        if constexpr (kRelu) z = z > 0 ? z : 0.0f;
        store(z, out[c]);
      }
  }
};

template <typename T>
Tensor normalise(const Tensor& x, const Tensor& gamma, const Tensor& beta, const Tensor& mean,
                 const Tensor& variance, double epsilon, const NormTail& tail) {
  const Rows rows(x);
  const std::vector<float> scale = scales(gamma, variance, epsilon);
  Tensor y(x.shape(), x.dtype());
  for_each_block(rows, [&](int64_t part) {
    const int64_t offset = rows.first(part) * rows.channels;
    vectorised(Normalise<T>{
        .x = elements<T>(x) + offset,
        .residual = tail.residual.defined() ? elements<T>(tail.residual) + offset : nullptr,
        .y = elements<T>(y) + offset,
        .scale = scale.data(),
        .mean = elements<float>(mean),
        .beta = elements<float>(beta),
        .rows = rows.size_of(part),
        .channels = rows.channels,
        .relu = tail.relu});
  });
  return y;
}

/// The gradient before the ReLU: dy where y > 0.
template <bool kRelu, typename T>
float before_relu(const T* dy, const T* y, int64_t i) {
  const float gradient = load(dy[i]);  // always, so that the loop needs no branch
  if constexpr (kRelu) return load(y[i]) > 0 ? gradient : 0.0f;
  return gradient;
}

/// Sums over the rows of dz and of dz (x - mean), dz being the gradient before the ReLU.
template <typename T>
struct GradientSums {
  const T *dy, *x, *y;  // y null: no ReLU
  const float* mean;
  float *sums, *products;
  int64_t rows, channels;

  void operator()() const { y ? run<true>() : run<false>(); }

  template <bool kRelu>
  void run() const {
    float* __restrict dz_sums = sums;
    float* __restrict dz_products = products;
    for (int64_t r = 0; r < rows; ++r)
#pragma omp simd
      for (int64_t c = 0; c < channels; ++c) {
        const int64_t i = r * channels + c;
        const float dz = before_relu<kRelu>(dy, y, i);
        dz_sums[c] += dz;
        dz_products[c] += dz * (load(x[i]) - mean[c]);
      }
  }
};

/// dx = scale dz - slope (x - mean) - offset, and dz itself unless dresidual is null.
template <typename T>
struct InputGradient {
  const T *dy, *x, *y;
  const float *mean, *scale, *slope, *offset;
  T *dx, *dresidual;
  int64_t rows, channels;

  void operator()() const { y ? run<true>() : run<false>(); }

  template <bool kRelu>
  void run() const {
    dresidual ? run<kRelu, true>() : run<kRelu, false>();
  }

  template <bool kRelu, bool kResidual>
  void run() const {
    T* __restrict out = dx;
    T* __restrict passed_on = dresidual;
    for (int64_t r = 0; r < rows; ++r)
#pragma omp simd
      for (int64_t c = 0; c < channels; ++c) {
        const int64_t i = r * channels + c;
        const float dz = before_relu<kRelu>(dy, y, i);
        if constexpr (kResidual) store(dz, passed_on[i]);
        store(scale[c] * dz - slope[c] * (load(x[i]) - mean[c]) - offset[c], out[i]);
      }
  }
};

/// What the sums over all rows make of the parameters' gradients and of dx's coefficients.
struct Coefficients {
  Coefficients(const Rows& rows, BlockSums& blocks, const Tensor& gamma, const Tensor& variance,
               double epsilon, Tensor& dgamma, Tensor& dbeta)
      : scale(scales(gamma, variance, epsilon)), slope(scale.size()), offset(scale.size()) {
    const auto n = static_cast<double>(rows.count);
    for (std::size_t c = 0; c < scale.size(); ++c) {
      double sum = 0, product = 0;
      for (int64_t part = 0; part < rows.blocks; ++part) {
        sum += blocks.first(part)[c];
        product += blocks.second(part)[c];
      }
      const double inverse_variance = 1 / (double{elements<float>(variance)[c]} + epsilon);
      elements<float>(dgamma)[c] = static_cast<float>(product * std::sqrt(inverse_variance));
      elements<float>(dbeta)[c] = static_cast<float>(sum);
      slope[c] = static_cast<float>(scale[c] * inverse_variance * product / n);
      offset[c] = static_cast<float>(scale[c] * sum / n);
    }
  }

  std::vector<float> scale, slope, offset;
};

template <typename T>
BatchNormBackward backward(const Tensor& dy, const Tensor& x, const Tensor& gamma,
                           const Tensor& mean, const Tensor& variance, double epsilon,
                           const NormTailBackward& tail) {
  const Rows rows(x);
  BatchNormBackward result{
      Tensor(x.shape(), x.dtype()), Tensor(gamma.shape()), Tensor(gamma.shape()), {}};
  if (tail.residual) result.dresidual = tail.y.defined() ? Tensor(x.shape(), x.dtype()) : dy;
  const bool write_residual = tail.residual && tail.y.defined();
  const T* const y = tail.y.defined() ? elements<T>(tail.y) : nullptr;
  BlockSums blocks(rows);
  for_each_block(rows, [&](int64_t part) {
    const int64_t offset = rows.first(part) * rows.channels;
    vectorised(GradientSums<T>{.dy = elements<T>(dy) + offset,
                               .x = elements<T>(x) + offset,
                               .y = y ? y + offset : nullptr,
                               .mean = elements<float>(mean),
                               .sums = blocks.first(part),
                               .products = blocks.second(part),
                               .rows = rows.size_of(part),
                               .channels = rows.channels});
  });
  const Coefficients k(rows, blocks, gamma, variance, epsilon, result.dgamma, result.dbeta);
  for_each_block(rows, [&](int64_t part) {
    const int64_t offset = rows.first(part) * rows.channels;
    vectorised(InputGradient<T>{
        .dy = elements<T>(dy) + offset,
        .x = elements<T>(x) + offset,
        .y = y ? y + offset : nullptr,
        .mean = elements<float>(mean),
        .scale = k.scale.data(),
        .slope = k.slope.data(),
        .offset = k.offset.data(),
        .dx = elements<T>(result.dx) + offset,
        .dresidual = write_residual ? elements<T>(result.dresidual) + offset : nullptr,
        .rows = rows.size_of(part),
        .channels = rows.channels});
  });
  return result;
}

}  // namespace

BatchNormForward batch_norm_train(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                  double epsilon, const NormTail& tail) {
  return with_storage_type(x.dtype(), [&]<typename T>(T) {
    BatchNormForward result{{}, Tensor(gamma.shape()), Tensor(gamma.shape())};
    statistics<T>(x, result.mean, result.variance);
    result.y = normalise<T>(x, gamma, beta, result.mean, result.variance, epsilon, tail);
    return result;
  });
}

BatchNormBackward batch_norm_backward(const Tensor& dy, const Tensor& x, const Tensor& gamma,
                                      const Tensor& mean, const Tensor& variance, double epsilon,
                                      const NormTailBackward& tail) {
  return with_storage_type(x.dtype(), [&]<typename T>(T) {
    return backward<T>(dy, x, gamma, mean, variance, epsilon, tail);
  });
}

Tensor batch_norm_eval(const Tensor& x, const Tensor& gamma, const Tensor& beta, const Tensor& mean,
                       const Tensor& variance, double epsilon, const NormTail& tail) {
  return with_storage_type(x.dtype(), [&]<typename T>(T) {
    return normalise<T>(x, gamma, beta, mean, variance, epsilon, tail);
  });
}

}  // namespace tengen::kernels::dnn
