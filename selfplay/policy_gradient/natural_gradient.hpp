// The natural policy gradient: the direction that lowers the loss most for a given change of the
// policy's distributions, not of its weights (Kakade 2001).
//
//   F d = g,   F = mean over states of J^T M J
// g is the loss's gradient, J the derivative of a state's distribution parameters by the weights
// and M the Fisher matrix of the distribution in those parameters. F is never formed: conjugate
// gradients need only products F v, one forward-mode and one reverse-mode pass each (Schraudolph
// 2002; Schulman et al. 2015, appendix C). The step
//   -sqrt(2 delta / d^T F d) d
// then changes the policy by a mean KL divergence of delta, as far as F tells (with damping: less).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "selfplay/policy_gradient/actor_critic.hpp"

namespace tengen::selfplay {

/// Solves A x = b for a symmetric positive definite A, known by its products, from x = 0 (Hestenes
/// and Stiefel 1952). Ends after `iterations`, or once |b - A x| <= tolerance |b|.
std::vector<double> conjugate_gradient(
    const std::function<std::vector<double>(std::span<const double>)>& product,
    std::span<const double> b, int iterations, double tolerance);

/// F v over the rows of `observations` [N, inputs]; `masks` [N, choices] or empty. v and the result
/// hold one number for each of net.parameters(), in their order; the critic's come out as 0.
std::vector<double> fisher_product(ActorCritic& net, const Distribution& distribution,
                                   const Tensor& observations, std::span<const std::uint8_t> masks,
                                   std::span<const double> v);

struct NaturalStepOptions {
  double delta = 0.01;      // mean KL divergence of the step
  double damping = 0.1;     // F + damping I instead of F, which few rows do not determine
  int iterations = 10;      // of conjugate gradients
  double tolerance = 1e-5;  // of their residual
};

/// Takes the step from the gradients that are in net.parameters(); one that is 0 takes none.
void natural_step(ActorCritic& net, const Distribution& distribution, const Tensor& observations,
                  std::span<const std::uint8_t> masks, const NaturalStepOptions& options);

}  // namespace tengen::selfplay
