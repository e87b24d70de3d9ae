#include "selfplay/policy_gradient/natural_gradient.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/init/initializers.hpp"

namespace tengen::selfplay {
namespace {

using envs::rl::Space;
using Matrix = std::vector<std::vector<double>>;

std::vector<double> times(const Matrix& a, std::span<const double> x) {
  std::vector<double> y(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < x.size(); ++k) y[i] += a[i][k] * x[k];
  return y;
}

std::vector<double> random_vector(std::size_t size, Rng& rng) {
  std::vector<double> v(size);
  for (double& x : v) x = rng.normal();
  return v;
}

/// The definition, in double: mean over the rows of sum_a p(a) s s^T with the score
/// s = d log p(a) / d weights, one reverse-mode pass for each row and action.
Matrix explicit_fisher(ActorCritic& net, const Distribution& d, const Tensor& x, int choices) {
  const std::int64_t rows = x.shape()[0];
  const std::size_t size = net.num_parameters();
  Matrix fisher(size, std::vector<double>(size));
  for (std::int64_t i = 0; i < rows; ++i)
    for (int a = 0; a < choices; ++a) {
      const Variable out = net.forward({Variable(x.rows(i, i + 1)), 1, 1, {}, {}}).parameters;
      const std::vector<float> action{static_cast<float>(a)};
      const auto row = out.value().values<float>();
      const double p = std::exp(d.log_prob(row, {}, action));
      Tensor seed(out.shape());
      d.backward(row, {}, action, 1, 0, seed.values<float>());
      net.zero_grad();
      sum(multiply(out, Variable(seed))).backward();
      std::vector<double> score;
      for (const NamedParameter& parameter : net.parameters()) {
        const Tensor& g = parameter.variable.grad();
        for (std::int64_t k = 0; k < parameter.variable.value().size(); ++k)
          score.push_back(g.defined() ? g.values<float>()[k] : 0);
      }
      for (std::size_t r = 0; r < size; ++r)
        for (std::size_t c = 0; c < size; ++c)
          fisher[r][c] += p * score[r] * score[c] / static_cast<double>(rows);
    }
  return fisher;
}

/// A net whose policy is far from uniform.
std::unique_ptr<ActorCritic> make_net(const Distribution& d, Rng& rng) {
  auto net = make_actor_critic({.inputs = 3, .layers = 2, .hidden = 4}, d, rng);
  for (NamedParameter parameter : net->parameters())
    parameter.variable.value() = random_normal(parameter.variable.shape(), 0.7, rng);
  return net;
}

}  // namespace

TEST_CASE("Conjugate gradients solve a system of n equations in n steps", "[selfplay][pg]") {
  Rng rng(1);
  constexpr int kSize = 6;
  Matrix a(kSize, std::vector<double>(kSize));
  for (int n = 0; n < 2 * kSize; ++n) {
    const auto v = random_vector(kSize, rng);
    for (int i = 0; i < kSize; ++i)
      for (int k = 0; k < kSize; ++k) a[i][k] += v[i] * v[k];
  }
  const auto solution = random_vector(kSize, rng);
  const auto x = conjugate_gradient([&](std::span<const double> v) { return times(a, v); },
                                    times(a, solution), kSize, 0);
  for (int i = 0; i < kSize; ++i) CHECK(x[i] == Approx(solution[i]).epsilon(1e-6));
  const auto none = conjugate_gradient([&](std::span<const double> v) { return times(a, v); },
                                       std::vector<double>(kSize), kSize, 1e-5);
  CHECK(none == std::vector<double>(kSize));
}

TEST_CASE("The Fisher product is that with the Fisher matrix written out", "[selfplay][pg]") {
  Rng rng(2);
  const auto d = Distribution::make(Space::discrete(3), false);
  const auto net = make_net(*d, rng);
  const Tensor x = random_normal({5, 3}, 1, rng);
  const Matrix fisher = explicit_fisher(*net, *d, x, 3);
  for (int trial = 0; trial < 3; ++trial) {
    const auto v = random_vector(net->num_parameters(), rng);
    const auto expected = times(fisher, v);
    const auto product = fisher_product(*net, *d, x, {}, v);
    REQUIRE(product.size() == expected.size());
    for (std::size_t i = 0; i < v.size(); ++i)
      CHECK(product[i] == Approx(expected[i]).margin(2e-5));
  }
}

TEST_CASE("The Fisher matrix of a normal distribution is known", "[selfplay][pg]") {
  const auto d = Distribution::make(Space::box(-2, 2, {1}), false);
  const std::vector<float> parameters{0.4f, std::log(0.5f)}, v{3, 5};
  std::vector<float> out(2);
  d->fisher(parameters, {}, v, out);
  CHECK(out[0] == Approx(3 / 0.25));
  CHECK(out[1] == Approx(2 * 5));
}

TEST_CASE("A natural step is as long as its Fisher matrix and damping say", "[selfplay][pg]") {
  constexpr double kDelta = 1e-4, kDamping = 0.1;
  for (const Space& space : {Space::discrete(3), Space::box(-2, 2, {2})}) {
    Rng rng(3);
    const auto d = Distribution::make(space, false);
    const auto net = make_net(*d, rng), old = make_net(*d, rng);
    for (std::size_t i = 0; i < net->parameters().size(); ++i)
      old->parameters()[i].variable.value().copy_from(net->parameters()[i].variable.value());
    const Tensor x = random_normal({40, 3}, 1, rng);
    const Variable output = net->forward({Variable(x), 1, 40, {}, {}}).parameters;
    sum(multiply(output, Variable(random_normal(output.shape(), 1, rng)))).backward();
    natural_step(*net, *d, x, {}, {.delta = kDelta, .damping = kDamping});
    std::vector<double> step;
    for (std::size_t i = 0; i < net->parameters().size(); ++i) {
      const auto now = net->parameters()[i].variable.value().values<float>();
      const auto before = old->parameters()[i].variable.value().values<float>();
      for (std::size_t k = 0; k < now.size(); ++k) step.push_back(double(now[k]) - before[k]);
    }
    const auto image = fisher_product(*old, *d, x, {}, step);
    double length = 0;
    for (std::size_t i = 0; i < step.size(); ++i)
      length += step[i] * (image[i] + kDamping * step[i]) / 2;
    CHECK(length == Approx(kDelta).epsilon(0.01));
  }
}

}  // namespace tengen::selfplay
