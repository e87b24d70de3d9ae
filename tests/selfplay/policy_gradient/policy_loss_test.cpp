#include "selfplay/policy_gradient/policy_loss.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/init/initializers.hpp"

namespace tengen::selfplay {
namespace {

using envs::rl::Space;

constexpr int kRows = 12;

PolicyBatch random_batch(Rng& rng) {
  PolicyBatch batch;
  for (int i = 0; i < kRows; ++i) {
    batch.actions.push_back(static_cast<float>(rng.below(3)));
    batch.old_log_probs.push_back(static_cast<float>(rng.uniform(-1.6, -0.6)));
    batch.old_values.push_back(static_cast<float>(rng.normal()));
    batch.advantages.push_back(static_cast<float>(rng.normal()));
    batch.returns.push_back(static_cast<float>(rng.normal()));
  }
  return batch;
}

/// The formulas of the header, one after the other.
double written_out(const Tensor& logits, const Tensor& values, const PolicyBatch& b,
                   const PolicyLossOptions& o) {
  double policy = 0, value = 0, entropy = 0;
  for (int i = 0; i < kRows; ++i) {
    const float* row = logits.values<float>().data() + i * 3;
    double total = 0;
    for (int a = 0; a < 3; ++a) total += std::exp(double(row[a]));
    for (int a = 0; a < 3; ++a) {
      const double p = std::exp(double(row[a])) / total;
      entropy -= p * std::log(p);
    }
    const double log_p = row[static_cast<int>(b.actions[i])] - std::log(total);
    const double rho = std::exp(log_p - b.old_log_probs[i]), a = b.advantages[i];
    const double clipped = std::max(1 - o.clip_range, std::min(1 + o.clip_range, rho));
    policy += o.clipped ? -std::min(rho * a, clipped * a) : -a * log_p;
    const double v = values.values<float>()[i], r = b.returns[i], old = b.old_values[i];
    const double k = o.value_clip_range;
    const double held = old + std::max(-k, std::min(k, v - old));
    const double free = (v - r) * (v - r);
    value += k > 0 ? std::max(free, (held - r) * (held - r)) : free;
  }
  return (policy + o.value_coefficient * value - o.entropy_coefficient * entropy) / kRows;
}

}  // namespace

TEST_CASE("The loss of a minibatch is what its formulas say and so is its gradient",
          "[selfplay][pg]") {
  Rng rng(5);
  const PolicyBatch batch = random_batch(rng);
  const auto distribution = Distribution::make(Space::discrete(3), false);
  for (const bool clipped : {false, true})
    for (const double value_clip : {0.0, 0.3}) {
      const PolicyLossOptions options{.clipped = clipped,
                                      .clip_range = 0.2,
                                      .value_clip_range = value_clip,
                                      .value_coefficient = 0.7,
                                      .entropy_coefficient = 0.05};
      Variable logits(random_normal({kRows, 3}, 1, rng), true);
      Variable values(random_normal({kRows, 1}, 1, rng), true);
      PolicyLossTerms terms;
      const Variable loss = policy_loss(logits, values, batch, *distribution, options, terms);
      CHECK(terms.loss ==
            Approx(written_out(logits.value(), values.value(), batch, options)).margin(1e-6));
      loss.backward();
      for (Variable* input : {&logits, &values})
        for (std::int64_t i = 0; i < input->value().size(); ++i) {
          const auto moved = [&](float h) {
            Tensor tensor = input->value().clone();
            tensor.values<float>()[i] += h;
            return input == &logits ? written_out(tensor, values.value(), batch, options)
                                    : written_out(logits.value(), tensor, batch, options);
          };
          const double h = 1.0 / 1024;
          CAPTURE(clipped, value_clip, i);
          CHECK(input->grad().values<float>()[i] ==
                Approx((moved(h) - moved(-h)) / (2 * h)).margin(1e-4));
        }
    }
}

TEST_CASE("Normalised advantages have mean zero and deviation one", "[selfplay][pg]") {
  std::vector<float> a{1, 2, 6};
  normalise(a);
  CHECK(a[0] + a[1] + a[2] == Approx(0).margin(1e-6));
  CHECK(a[0] * a[0] + a[1] * a[1] + a[2] * a[2] == Approx(2));
}

}  // namespace tengen::selfplay
