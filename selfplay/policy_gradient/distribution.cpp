#include "selfplay/policy_gradient/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "engine/base/error.hpp"

namespace tengen::selfplay {

namespace {

using envs::rl::Space;

/// One softmax for each index of the action, side by side; a discrete space has one.
class Categorical final : public Distribution {
 public:
  explicit Categorical(std::vector<int> counts)
      : Distribution(std::accumulate(counts.begin(), counts.end(), 0),
                     static_cast<int>(counts.size())),
        counts_(std::move(counts)) {}

  void sample(Row parameters, Mask mask, Rng& rng, std::span<float> action) const override {
    each(parameters, mask, [&](std::size_t i, Row logits, Mask allowed) {
      const double top = maximum(logits, allowed);
      double total = 0;
      for (std::size_t a = 0; a < logits.size(); ++a) total += weight(logits, allowed, a, top);
      double left = rng.uniform() * total;
      int chosen = -1;
      for (std::size_t a = 0; a < logits.size() && left >= 0; ++a) {
        const double w = weight(logits, allowed, a, top);
        if (w <= 0) continue;
        chosen = static_cast<int>(a);
        left -= w;
      }
      action[i] = chosen < 0 ? NAN : static_cast<float>(chosen);
    });
  }

  void mode(Row parameters, Mask mask, std::span<float> action) const override {
    each(parameters, mask, [&](std::size_t i, Row logits, Mask allowed) {
      const auto best = std::find(logits.begin(), logits.end(), maximum(logits, allowed));
      action[i] = best == logits.end() ? NAN : static_cast<float>(best - logits.begin());
    });
  }

  void to_environment(Row action, std::span<float> out) const override {
    std::ranges::copy(action, out.begin());
  }

  double log_prob(Row parameters, Mask mask, Row action) const override {
    double sum = 0;
    each(parameters, mask, [&](std::size_t i, Row logits, Mask allowed) {
      sum += logits[static_cast<std::size_t>(action[i])] - log_total(logits, allowed);
    });
    return sum;
  }

  double entropy(Row parameters, Mask mask) const override {
    double sum = 0;
    each(parameters, mask, [&](std::size_t, Row logits, Mask allowed) {
      sum += entropy_of(logits, allowed, log_total(logits, allowed));
    });
    return sum;
  }

  // d log p(a) / d logit_b = [a = b] - p_b;  d H / d logit_b = -p_b (log p_b + H).
  void backward(Row parameters, Mask mask, Row action, double log_prob_weight,
                double entropy_weight, std::span<float> gradient) const override {
    std::size_t at = 0;
    each(parameters, mask, [&](std::size_t i, Row logits, Mask allowed) {
      const double log_sum = log_total(logits, allowed);
      const double h = entropy_weight == 0 ? 0 : entropy_of(logits, allowed, log_sum);
      for (std::size_t b = 0; b < logits.size(); ++b, ++at) {
        gradient[at] = 0;
        if (!is_allowed(allowed, b)) continue;
        const double log_p = logits[b] - log_sum, p = std::exp(log_p);
        const double hit = b == static_cast<std::size_t>(action[i]) ? 1 : 0;
        gradient[at] =
            static_cast<float>(log_prob_weight * (hit - p) - entropy_weight * p * (log_p + h));
      }
    });
  }

  // M = diag(p) - p p^T.
  void fisher(Row parameters, Mask mask, Row v, std::span<float> out) const override {
    std::size_t first = 0;
    each(parameters, mask, [&](std::size_t, Row logits, Mask allowed) {
      const double log_sum = log_total(logits, allowed);
      const auto probability = [&](std::size_t a) {
        return is_allowed(allowed, a) ? std::exp(logits[a] - log_sum) : 0.0;
      };
      double mean = 0;
      for (std::size_t a = 0; a < logits.size(); ++a) mean += probability(a) * v[first + a];
      for (std::size_t a = 0; a < logits.size(); ++a)
        out[first + a] = static_cast<float>(probability(a) * (v[first + a] - mean));
      first += logits.size();
    });
  }

 private:
  static bool is_allowed(Mask mask, std::size_t a) { return mask.empty() || mask[a] != 0; }
  static double weight(Row logits, Mask mask, std::size_t a, double top) {
    return is_allowed(mask, a) ? std::exp(logits[a] - top) : 0.0;
  }
  static float maximum(Row logits, Mask mask) {
    float top = -INFINITY;
    for (std::size_t a = 0; a < logits.size(); ++a)
      if (is_allowed(mask, a)) top = std::max(top, logits[a]);
    return top;
  }
  static double log_total(Row logits, Mask mask) {
    const double top = maximum(logits, mask);
    double total = 0;
    for (std::size_t a = 0; a < logits.size(); ++a) total += weight(logits, mask, a, top);
    return top + std::log(total);
  }
  static double entropy_of(Row logits, Mask mask, double log_sum) {
    double h = 0;
    for (std::size_t a = 0; a < logits.size(); ++a)
      if (is_allowed(mask, a)) h -= std::exp(logits[a] - log_sum) * (logits[a] - log_sum);
    return h;
  }

  template <typename F>
  void each(Row parameters, Mask mask, F f) const {
    std::size_t first = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      f(i, parameters.subspan(first, counts_[i]),
        mask.empty() ? mask : mask.subspan(first, counts_[i]));
      first += counts_[i];
    }
  }

  const std::vector<int> counts_;
};

class Normal final : public Distribution {
 public:
  Normal(const Space& box, bool squash)
      : Distribution(2 * box.size(), box.size()),
        low_(box.low()),
        high_(box.high()),
        squash_(squash) {
    for (std::size_t i = 0; i < low_.size(); ++i)
      if (squash && !(std::isfinite(low_[i]) && std::isfinite(high_[i])))
        bad_argument("distribution", "squashing needs bounded actions, got {}", box.describe());
  }

  int outputs() const override { return action_size(); }

  void sample(Row parameters, Mask, Rng& rng, std::span<float> action) const override {
    for (std::size_t i = 0; i < action.size(); ++i)
      action[i] = static_cast<float>(parameters[i] + deviation(parameters, i) * rng.normal());
  }
  void mode(Row parameters, Mask, std::span<float> action) const override {
    std::copy_n(parameters.begin(), action.size(), action.begin());
  }
  void to_environment(Row action, std::span<float> out) const override {
    for (std::size_t i = 0; i < action.size(); ++i) {
      const float x =
          squash_ ? low_[i] + (high_[i] - low_[i]) * (std::tanh(action[i]) + 1) / 2 : action[i];
      out[i] = std::clamp(x, low_[i], high_[i]);
    }
  }

  double log_prob(Row parameters, Mask, Row action) const override {
    double sum = 0;
    for (std::size_t i = 0; i < action.size(); ++i) {
      const double z = (action[i] - parameters[i]) / deviation(parameters, i);
      sum -= 0.5 * z * z + parameters[action.size() + i] + kHalfLogTwoPi;
      if (squash_) sum -= log_slope(action[i], i);
    }
    return sum;
  }
  double entropy(Row parameters, Mask) const override {
    double sum = 0;
    for (int i = 0; i < action_size(); ++i)
      sum += parameters[action_size() + i] + kHalfLogTwoPi + 0.5;
    return sum;
  }
  // d log p / d mean = z / sigma;  d log p / d log sigma = z^2 - 1;  d H / d log sigma = 1.
  void backward(Row parameters, Mask, Row action, double log_prob_weight, double entropy_weight,
                std::span<float> gradient) const override {
    const std::size_t n = action.size();
    for (std::size_t i = 0; i < n; ++i) {
      const double sigma = deviation(parameters, i), z = (action[i] - parameters[i]) / sigma;
      gradient[i] = static_cast<float>(log_prob_weight * z / sigma);
      gradient[n + i] = static_cast<float>(log_prob_weight * (z * z - 1) + entropy_weight);
    }
  }

  // M = diag(1 / sigma^2) for the means, 2 for the log standard deviations.
  void fisher(Row parameters, Mask, Row v, std::span<float> out) const override {
    const std::size_t n = action_size();
    for (std::size_t i = 0; i < n; ++i) {
      const double sigma = deviation(parameters, i);
      out[i] = static_cast<float>(v[i] / (sigma * sigma));
      out[n + i] = 2 * v[n + i];
    }
  }

 private:
  static constexpr double kHalfLogTwoPi = 0.91893853320467274;

  double deviation(Row parameters, std::size_t i) const {
    return std::exp(double(parameters[action_size() + i]));
  }
  /// log d(played) / d(drawn), with log(1 - tanh^2 u) = 2 (log 2 - u - log(1 + exp(-2u))).
  double log_slope(double u, std::size_t i) const {
    return std::log((high_[i] - low_[i]) / 2.0) +
           2 * (std::numbers::ln2 - u -
                (u < 0 ? -2 * u + std::log1p(std::exp(2 * u)) : std::log1p(std::exp(-2 * u))));
  }

  const std::vector<float> low_, high_;
  const bool squash_;
};

}  // namespace

std::unique_ptr<Distribution> Distribution::make(const Space& actions, bool squash) {
  if (actions.kind() == Space::Kind::box) return std::make_unique<Normal>(actions, squash);
  return std::make_unique<Categorical>(actions.counts());
}

}  // namespace tengen::selfplay
