#include "mcts/root_priors.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;
using namespace tengen::test;

namespace {

std::vector<float> priors_of(const SearchResult& result) {
  std::vector<float> priors;
  for (const ActionStats& stats : result.actions) priors.push_back(stats.prior);
  return priors;
}

/// A search on 5x5 Go whose root was visited a few times.
struct Fixture {
  explicit Fixture(float fraction) : search(game, SearchConfig{.noise_fraction = fraction}) {
    search.reset(*game->new_initial_state());
    search.run(evaluator, {.simulations = 50}, rng);
  }
  std::vector<float> priors() { return priors_of(search.result()); }

  std::shared_ptr<const envs::Game> game = envs::make_game("go:size=5");
  HashEvaluator evaluator;
  Rng rng{9};
  Search search;
};

}  // namespace

TEST_CASE("Noise keeps the priors normalised and is drawn anew by begin", "[mcts][noise]") {
  Fixture f(0.25f);
  const std::vector<float> first = f.priors();
  f.search.begin(f.rng, 1000);
  const std::vector<float> second = f.priors();
  CHECK(first != second);
  CHECK(std::accumulate(first.begin(), first.end(), 0.0) == Approx(1).epsilon(1e-5));
  CHECK(std::accumulate(second.begin(), second.end(), 0.0) == Approx(1).epsilon(1e-5));
}

TEST_CASE("Noise mixes with the clean priors and begin without noise restores them",
          "[mcts][noise]") {
  Fixture noisy(0.25f), clean(0.0f);
  for (int i = 0; i < 3; ++i) {
    const std::vector<float> mixed = noisy.priors(), original = clean.priors();
    for (std::size_t a = 0; a < mixed.size(); ++a) CHECK(mixed[a] >= 0.75f * original[a] - 1e-6f);
    noisy.search.begin(noisy.rng, 1000);
  }
  noisy.search.set_config({});
  noisy.search.begin(noisy.rng, 1000);
  CHECK(noisy.priors() == clean.priors());
}

TEST_CASE("Noise touches the root alone", "[mcts][noise]") {
  Fixture noisy(0.25f);
  const envs::Action action = noisy.search.result().principal_variation.at(0);
  noisy.search.advance(action);
  const auto child = play(*noisy.game, {action});
  std::vector<envs::Action> actions;
  child->legal_actions(actions);
  std::vector<float> priors(actions.size());
  EvalItem item{child.get(), actions, priors};
  noisy.evaluator.evaluate({&item, 1});
  CHECK(noisy.priors() == priors);
}

TEST_CASE("The search consumes the same random numbers whether or not the root is expanded",
          "[mcts][noise]") {
  Fixture f(0.25f);
  Rng a(4), b(4);
  f.search.begin(a, 1000);
  f.search.reset(f.search.root_state());
  f.search.begin(b, 1000);
  CHECK(a == b);
}

TEST_CASE("A temperature flattens priors and keeps their order", "[mcts][noise]") {
  std::vector<float> priors{0.64f, 0.04f, 0.32f};
  temper(priors, 2);
  CHECK(priors[0] == Approx(0.8 / (0.8 + 0.2 + std::sqrt(0.32))));
  CHECK(priors[1] == Approx(0.2 / (0.8 + 0.2 + std::sqrt(0.32))));
  CHECK(std::accumulate(priors.begin(), priors.end(), 0.0) == Approx(1));
}

TEST_CASE("A temperature near zero leaves the greatest priors alone", "[mcts][noise]") {
  std::vector<float> priors = {0.3f, 0.25f, 0.3f, 0.15f};
  temper(priors, 0.005f);  // the 200th powers alone would all be 0
  CHECK(priors[0] == 0.5f);
  CHECK(priors[1] < 1e-9f);
  CHECK(priors[2] == 0.5f);
  CHECK(priors[3] < 1e-9f);
  std::vector<float> none = {0, 0};
  temper(none, 0.5f);
  CHECK(none == std::vector<float>{0, 0});
}

TEST_CASE("Policy temperatures act on all nodes and on the root once more", "[mcts][noise]") {
  const auto with = [](float everywhere, float root) {
    return priors_of(
        run_hashed("connect_four", {}, 40,
                   {.policy_temperature = everywhere, .root_policy_temperature = root}));
  };
  const std::vector<float> plain = with(1, 1);
  std::vector<float> once = plain, twice = plain;
  temper(once, 1.5f);
  temper(twice, 3);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CHECK(with(1.5f, 1)[i] == Approx(once[i]));
    CHECK(with(1, 1.5f)[i] == Approx(once[i]));
    CHECK(with(1.5f, 2)[i] == Approx(twice[i]));
  }
}

TEST_CASE("The root alone asks for the mean over its symmetries and keeps it", "[mcts][noise]") {
  struct Asked : HashEvaluator {
    void evaluate(std::span<EvalItem> items) override {
      HashEvaluator::evaluate(items);
      for (EvalItem& item : items) {
        if (!item.average_symmetries) continue;
        ++asked;
        std::fill(item.priors.begin(), item.priors.end(), 0.0f);
        item.priors[3] = 1;
      }
    }
    int asked = 0;
  };
  const auto game = envs::make_game("connect_four");
  Asked evaluator;
  Search search(game, {.average_root = true});
  search.reset(*game->new_initial_state());
  Rng rng(1);
  for (int move = 1; move <= 3; ++move) {
    for (int run = 1; run <= 2; ++run) {
      const SearchResult result = search.run(evaluator, {.simulations = 100 * run}, rng);
      CHECK(evaluator.asked == move);
      CHECK(result.actions[3].prior == 1);
    }
    search.advance(3);
  }
}
