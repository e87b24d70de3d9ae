#include "mcts/root_noise.hpp"

#include <catch2/catch.hpp>
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
