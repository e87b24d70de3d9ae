#include "engine/init/initializers.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "engine/base/error.hpp"

namespace tengen {

namespace {

void check_fan(const char* where, std::int64_t fan) {
  if (fan < 1) bad_argument(where, "expected a positive fan, got {}", fan);
}

}  // namespace

Tensor random_normal(const Shape& shape, double deviation, Rng& rng) {
  Tensor result(shape);
  for (float& x : result.values<float>()) x = static_cast<float>(deviation * rng.normal());
  return result;
}

Tensor random_uniform(const Shape& shape, double low, double high, Rng& rng) {
  Tensor result(shape);
  for (float& x : result.values<float>()) x = static_cast<float>(rng.uniform(low, high));
  return result;
}

Tensor he_normal(const Shape& shape, std::int64_t fan_in, Rng& rng) {
  check_fan("he_normal", fan_in);
  return random_normal(shape, std::sqrt(2.0 / double(fan_in)), rng);
}

// A uniform distribution on [-b, b] has variance b^2 / 3.
Tensor xavier_uniform(const Shape& shape, std::int64_t fan_in, std::int64_t fan_out, Rng& rng) {
  check_fan("xavier_uniform", fan_in);
  check_fan("xavier_uniform", fan_out);
  const double bound = std::sqrt(6.0 / double(fan_in + fan_out));
  return random_uniform(shape, -bound, bound, rng);
}

// Q of the QR decomposition of a Gaussian matrix, with the signs that make R's diagonal positive,
// is uniformly distributed over the orthogonal matrices (Mezzadri 2007).
Tensor orthogonal(const Shape& shape, double gain, Rng& rng) {
  if (shape.rank() < 2 || shape.size() == 0)
    bad_argument("orthogonal", "expected a matrix that is not empty, got shape {}",
                 to_string(shape));
  Tensor result(shape);
  if (result.values<float>().empty()) return result;  // of ShapesOnly
  const std::int64_t rows = shape[0], columns = shape.size() / rows;
  const std::int64_t longer = std::max(rows, columns), shorter = std::min(rows, columns);
  Eigen::MatrixXd gaussian(longer, shorter);
  for (double& x : gaussian.reshaped()) x = rng.normal();
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(gaussian);
  Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(longer, shorter);
  for (std::int64_t j = 0; j < shorter; ++j)
    if (qr.matrixQR()(j, j) < 0) q.col(j) *= -1;
  Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> out(
      result.values<float>().data(), rows, columns);
  const Eigen::MatrixXd scaled = gain * q;
  if (rows >= columns)
    out = scaled.cast<float>();
  else
    out = scaled.transpose().cast<float>();
  return result;
}

}  // namespace tengen
