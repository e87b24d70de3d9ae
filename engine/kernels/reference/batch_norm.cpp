#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/kernels/reference/kernels.hpp"

namespace tengen::kernels::ref {

namespace {

/// Calls visit(element index, channel) for every element.
template <typename Visit>
void for_each_element(const Tensor& x, Visit visit) {
  const std::int64_t channels = x.dim(-1);
  for (std::int64_t i = 0; i < x.size();)
    for (std::int64_t c = 0; c < channels; ++c, ++i) visit(i, c);
}

/// Per channel, the mean over all rows of term(element index, channel).
template <typename Term>
std::vector<double> channel_means(const Tensor& x, Term term) {
  const std::int64_t channels = x.dim(-1);
  std::vector<double> sums(static_cast<std::size_t>(channels), 0.0);
  for_each_element(x, [&](std::int64_t i, std::int64_t c) { sums[c] += term(i, c); });
  for (double& sum : sums) sum /= static_cast<double>(x.size() / channels);
  return sums;
}

template <typename T>
Tensor to_tensor(const std::vector<double>& values, double scale = 1.0) {
  Tensor tensor({static_cast<std::int64_t>(values.size())}, DTypeOf<T>::value);
  for (std::size_t c = 0; c < values.size(); ++c)
    tensor.values<T>()[c] = static_cast<T>(values[c] * scale);
  return tensor;
}

template <typename T>
std::vector<double> inverse_deviations(const Tensor& variance, double epsilon) {
  std::vector<double> result;
  for (T v : variance.values<T>()) result.push_back(1.0 / std::sqrt(double{v} + epsilon));
  return result;
}

/// x where y > 0, else 0.
template <typename T>
Tensor where_positive(const Tensor& y, const Tensor& x) {
  Tensor result(x.shape(), x.dtype());
  std::ranges::transform(y.values<T>(), x.values<T>(), result.values<T>().begin(),
                         [](T sign, T value) { return sign > 0 ? value : T(0); });
  return result;
}

}  // namespace

template <typename T>
BatchNormForward batch_norm_train(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                  double epsilon, const NormTail& tail) {
  const auto in = x.values<T>();
  const std::vector<double> mean =
      channel_means(x, [&](std::int64_t i, std::int64_t) { return double{in[i]}; });
  const std::vector<double> variance = channel_means(x, [&](std::int64_t i, std::int64_t c) {
    const double deviation = in[i] - mean[c];
    return deviation * deviation;
  });
  BatchNormForward result{.y = {}, .mean = to_tensor<T>(mean), .variance = to_tensor<T>(variance)};
  result.y = batch_norm_eval<T>(x, gamma, beta, result.mean, result.variance, epsilon, tail);
  return result;
}

template <typename T>
BatchNormBackward batch_norm_backward(const Tensor& dy, const Tensor& x, const Tensor& gamma,
                                      const Tensor& mean, const Tensor& variance, double epsilon,
                                      const NormTailBackward& tail) {
  const auto in = x.values<T>();
  const Tensor dz = tail.y.defined() ? where_positive<T>(tail.y, dy) : dy;
  const auto grad = dz.values<T>();
  const auto mu = mean.values<T>();
  const auto scale = gamma.values<T>();
  const std::vector<double> inverse = inverse_deviations<T>(variance, epsilon);
  const auto normalised = [&](std::int64_t i, std::int64_t c) {
    return (double{in[i]} - mu[c]) * inverse[c];
  };
  const std::vector<double> mean_dy =
      channel_means(x, [&](std::int64_t i, std::int64_t) { return double{grad[i]}; });
  const std::vector<double> mean_dy_x =
      channel_means(x, [&](std::int64_t i, std::int64_t c) { return grad[i] * normalised(i, c); });

  Tensor dx(x.shape(), x.dtype());
  const auto out = dx.values<T>();
  for_each_element(x, [&](std::int64_t i, std::int64_t c) {
    out[i] = static_cast<T>(scale[c] * inverse[c] *
                            (grad[i] - mean_dy[c] - normalised(i, c) * mean_dy_x[c]));
  });
  const double rows = static_cast<double>(x.size() / x.dim(-1));
  return {dx, to_tensor<T>(mean_dy_x, rows), to_tensor<T>(mean_dy, rows),
          tail.residual ? dz : Tensor()};
}

template <typename T>
Tensor batch_norm_eval(const Tensor& x, const Tensor& gamma, const Tensor& beta, const Tensor& mean,
                       const Tensor& variance, double epsilon, const NormTail& tail) {
  const auto in = x.values<T>();
  const auto mu = mean.values<T>();
  const auto scale = gamma.values<T>();
  const auto shift = beta.values<T>();
  const std::vector<double> inverse = inverse_deviations<T>(variance, epsilon);
  Tensor y(x.shape(), x.dtype());
  const auto out = y.values<T>();
  for_each_element(x, [&](std::int64_t i, std::int64_t c) {
    double z = scale[c] * ((double{in[i]} - mu[c]) * inverse[c]) + shift[c];
    if (tail.residual.defined()) z += tail.residual.values<T>()[i];
    out[i] = static_cast<T>(tail.relu ? std::max(z, 0.0) : z);
  });
  return y;
}

template BatchNormForward batch_norm_train<float>(const Tensor&, const Tensor&, const Tensor&,
                                                  double, const NormTail&);
template BatchNormForward batch_norm_train<double>(const Tensor&, const Tensor&, const Tensor&,
                                                   double, const NormTail&);
template BatchNormBackward batch_norm_backward<float>(const Tensor&, const Tensor&, const Tensor&,
                                                      const Tensor&, const Tensor&, double,
                                                      const NormTailBackward&);
template BatchNormBackward batch_norm_backward<double>(const Tensor&, const Tensor&, const Tensor&,
                                                       const Tensor&, const Tensor&, double,
                                                       const NormTailBackward&);
template Tensor batch_norm_eval<float>(const Tensor&, const Tensor&, const Tensor&, const Tensor&,
                                       const Tensor&, double, const NormTail&);
template Tensor batch_norm_eval<double>(const Tensor&, const Tensor&, const Tensor&, const Tensor&,
                                        const Tensor&, double, const NormTail&);

}  // namespace tengen::kernels::ref
