// The three matrices of Winograd's minimal filtering F(m, 3), computed from its points.
//
// F(m, 3) gives m neighbouring outputs y_i = sum_k g_k d_{i+k} of a filter of 3 taps with m + 2
// multiplications instead of 3 m:  y = A^T [(G g) * (B^T d)]  (* by element); nested with itself it
// filters m x m tiles with (m + 2)^2 (Winograd 1980; Lavin and Gray 2015, section 4.1). It is Toom
// and Cook's product of polynomials, transposed: evaluate at m + 1 points and at infinity.
// With f_i = prod_{j != i} (a_i - a_j) over the finite points a:
//   A^T[k][i] = a_i^k          G[i][k] = a_i^k / f_i
//   B^T[i]    = coefficients of prod_{j != i} (x - a_j), lowest power first
// and for infinity A^T and G pick the highest power, B^T is prod_j (x - a_j).
//
// Points near 1 in magnitude keep the error small: it grows with the entries of A and B. Measured
// in fp32 over 96 channels, weights normal and inputs normal with a ReLU, largest error over
// largest output (direct sums: about 3e-7): F(3, 3) with 0, 1, -1, 2: 1.9e-6, with 1/2 for
// 2: 1.6e-6; F(4, 3) with 0, 1, -1, 2, -2: 5.7e-6, with 1/2, -2 for 2, -2: 1.9e-6. Those chosen
// make every entry of A and B exact in fp32; G is applied in double.
#pragma once

#include <array>
#include <cstddef>

namespace tengen::kernels::winograd {

template <int m>
struct FilterMatrices {
  std::array<std::array<double, m + 2>, m + 2> input{};  // B^T
  std::array<std::array<double, m + 2>, m> output{};     // A^T
  std::array<std::array<double, 3>, m + 2> weight{};     // G
};

/// The finite points of F(m, 3).
template <int m>
inline constexpr std::array<double, m + 1> kFinitePoints{};
template <>
inline constexpr std::array<double, 4> kFinitePoints<3>{0, 1, -1, 2};
template <>
inline constexpr std::array<double, 5> kFinitePoints<4>{0, 1, -1, 0.5, -2};

template <int m>
constexpr FilterMatrices<m> make_filter_matrices() {
  FilterMatrices<m> matrices;
  const auto& a = kFinitePoints<m>;
  constexpr std::size_t infinity = m + 1;
  for (std::size_t i = 0; i <= infinity; ++i) {
    double scale = 1;  // f_i
    std::size_t degree = 0;
    auto& polynomial = matrices.input[i];
    polynomial[0] = 1;
    for (std::size_t j = 0; j < a.size(); ++j) {
      if (j == i) continue;
      ++degree;
      for (std::size_t k = degree; k > 0; --k)
        polynomial[k] = polynomial[k - 1] - a[j] * polynomial[k];
      polynomial[0] *= -a[j];
      if (i != infinity) scale *= a[i] - a[j];
    }
    double power = 1;  // a_i^k
    for (std::size_t k = 0; i != infinity && k < m; ++k, power *= a[i]) {
      matrices.output[k][i] = power;
      if (k < 3) matrices.weight[i][k] = power / scale;
    }
  }
  matrices.output[m - 1][infinity] = 1;
  matrices.weight[infinity][2] = 1;
  return matrices;
}

template <int m>
inline constexpr auto kInputMatrix = make_filter_matrices<m>().input;
template <int m>
inline constexpr auto kOutputMatrix = make_filter_matrices<m>().output;
template <int m>
inline constexpr auto kWeightMatrix = make_filter_matrices<m>().weight;

}  // namespace tengen::kernels::winograd
