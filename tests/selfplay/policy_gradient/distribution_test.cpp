#include "selfplay/policy_gradient/distribution.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace tengen::selfplay {
namespace {

using envs::rl::Space;
using Mask = std::vector<std::uint8_t>;

/// d/dp of weight_l log_prob + weight_h entropy, by central differences and by backward().
void check_gradient(const Distribution& d, const std::vector<float>& p, const Mask& mask,
                    const std::vector<float>& action) {
  std::vector<float> gradient(p.size());
  d.backward(p, mask, action, 0.7, 0.3, gradient);
  for (std::size_t i = 0; i < p.size(); ++i) {
    const auto f = [&](float h) {
      std::vector<float> moved = p;
      moved[i] += h;
      return 0.7 * d.log_prob(moved, mask, action) + 0.3 * d.entropy(moved, mask);
    };
    CAPTURE(i);
    CHECK(gradient[i] == Approx((f(0.0078125f) - f(-0.0078125f)) / 0.015625).margin(2e-4));
  }
}

}  // namespace

TEST_CASE("A categorical distribution has softmax probabilities", "[selfplay][pg]") {
  const auto d = Distribution::make(Space::discrete(3), false);
  const std::vector<float> logits{std::log(1.0f), std::log(2.0f), std::log(5.0f)};
  CHECK(d->log_prob(logits, {}, std::vector<float>{2}) == Approx(std::log(5.0 / 8)));
  CHECK(d->entropy(logits, {}) ==
        Approx(-(0.125 * std::log(0.125) + 0.25 * std::log(0.25) + 0.625 * std::log(0.625))));
  const Mask mask{1, 1, 0};
  CHECK(d->log_prob(logits, mask, std::vector<float>{1}) == Approx(std::log(2.0 / 3)));
  std::vector<float> best(1);
  d->mode(logits, mask, best);
  CHECK(best[0] == 1);
}

TEST_CASE("Sampled actions follow their probabilities and the mask", "[selfplay][pg]") {
  const auto d = Distribution::make(Space::discrete(3), false);
  const std::vector<float> logits{std::log(1.0f), std::log(9.0f), std::log(3.0f)};
  const Mask mask{1, 0, 1};
  Rng rng(1);
  std::vector<float> action(1);
  int counts[3] = {};
  for (int i = 0; i < 20000; ++i) {
    d->sample(logits, mask, rng, action);
    ++counts[static_cast<int>(action[0])];
  }
  CHECK(counts[1] == 0);
  CHECK(counts[2] / 20000.0 == Approx(0.75).margin(0.015));
}

TEST_CASE("Log probabilities and entropies have the gradients they claim", "[selfplay][pg]") {
  const std::vector<float> p{0.3f, -0.5f, 0.9f, 0.1f, -0.2f};
  check_gradient(*Distribution::make(Space::discrete(5), false), p, {}, {2});
  check_gradient(*Distribution::make(Space::discrete(5), false), p, {1, 0, 1, 1, 0}, {2});
  check_gradient(*Distribution::make(Space::multi_discrete({2, 3}), false), p, {}, {1, 2});
  const std::vector<float> normal{0.3f, -0.5f, 0.2f, -0.4f};
  const Space box = Space::box(-2, 2, {2});
  check_gradient(*Distribution::make(box, false), normal, {}, {0.5f, 0.25f});
  check_gradient(*Distribution::make(box, true), normal, {}, {0.5f, 0.25f});
}

TEST_CASE("A squashed action's density integrates to one over the box", "[selfplay][pg]") {
  const auto d = Distribution::make(Space::box(-2, 2, {1}), true);
  const std::vector<float> p{0.4f, -0.7f};
  double mass = 0;
  constexpr int kSteps = 20000;
  for (int i = 0; i < kSteps; ++i) {
    const double played = -2 + 4 * (i + 0.5) / kSteps;
    const std::vector<float> drawn{static_cast<float>(std::atanh(played / 2))};
    mass += std::exp(d->log_prob(p, {}, drawn)) * 4 / kSteps;
  }
  CHECK(mass == Approx(1).margin(1e-3));
}

TEST_CASE("Actions outside the box are clipped and logits that are not numbers show",
          "[selfplay][pg]") {
  const auto d = Distribution::make(Space::box(-2, 2, {1}), false);
  std::vector<float> played(1), action(1);
  d->to_environment(std::vector<float>{7}, played);
  CHECK(played[0] == 2);
  Rng rng(1);
  Distribution::make(Space::discrete(2), false)
      ->sample(std::vector<float>{NAN, NAN}, {}, rng, action);
  CHECK(std::isnan(action[0]));
}

TEST_CASE("The score function estimates the gradient of a two-state chain", "[selfplay][pg]") {
  // In state 0, action 1 (probability p = e^b / (e^a + e^b)) pays 1 and leads to state 1, action 0
  // pays 0 and stays; state 1 pays 2 and ends, whatever is done. Two steps at most, no discount:
  // J = p (1 + 2) + (1 - p) p (1) and dJ/db = (4 - 2p) p (1 - p).
  const auto d = Distribution::make(Space::discrete(2), false);
  const std::vector<float> logits{0.2f, -0.3f};
  const double p = std::exp(d->log_prob(logits, {}, std::vector<float>{1}));
  Rng rng(3);
  constexpr int kEpisodes = 200000;
  double sum = 0, squares = 0;
  std::vector<float> action(1), score(2);
  for (int n = 0; n < kEpisodes; ++n) {
    double total = 0, scores = 0;
    for (int step = 0, state = 0; step < 2; ++step) {
      if (state == 1) {
        total += 2;
        break;
      }
      d->sample(logits, {}, rng, action);
      d->backward(logits, {}, action, 1, 0, score);
      scores += score[1];
      total += action[0];
      state = static_cast<int>(action[0]);
    }
    sum += total * scores;
    squares += total * total * scores * scores;
  }
  const double mean = sum / kEpisodes;
  const double error = std::sqrt((squares / kEpisodes - mean * mean) / kEpisodes);
  CHECK(std::abs(mean - (4 - 2 * p) * p * (1 - p)) < 4 * error);
}

}  // namespace tengen::selfplay
