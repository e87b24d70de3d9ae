#include "mcts/evaluators.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <numeric>
#include <set>

#include "envs/registry.hpp"

using namespace tengen;
using namespace tengen::mcts;

namespace {

struct Answer {
  std::vector<envs::Action> actions;
  std::vector<float> priors;
  float value = 0;
};

Answer ask(Evaluator& evaluator, const envs::State& state) {
  Answer answer;
  state.legal_actions(answer.actions);
  answer.priors.resize(answer.actions.size());
  EvalItem item{&state, answer.actions, answer.priors};
  evaluator.evaluate({&item, 1});
  answer.value = item.value;
  return answer;
}

float sum(const std::vector<float>& x) { return std::accumulate(x.begin(), x.end(), 0.0f); }

/// Value for `player` of uniformly random play, by enumeration.
double random_value(const envs::State& state, int player) {
  if (state.is_terminal()) return state.returns(player);
  std::vector<envs::Action> actions;
  state.legal_actions(actions);
  double total = 0;
  for (envs::Action action : actions) {
    const auto next = state.clone();
    next->apply(action);
    total += random_value(*next, player);
  }
  return total / static_cast<double>(actions.size());
}

}  // namespace

TEST_CASE("The uniform evaluator gives equal priors and value zero", "[mcts][evaluators]") {
  const auto game = envs::make_game("connect_four");
  const auto state = game->new_initial_state();
  UniformEvaluator evaluator;
  const Answer answer = ask(evaluator, *state);
  CHECK(answer.priors == std::vector<float>(7, 1.0f / 7));
  CHECK(answer.value == 0);
}

TEST_CASE("The hash evaluator depends on the position alone", "[mcts][evaluators]") {
  const auto game = envs::make_game("tic_tac_toe");
  HashEvaluator evaluator;
  const auto play = [&](std::vector<envs::Action> actions) {
    const auto state = game->new_initial_state();
    for (envs::Action action : actions) state->apply(action);
    return ask(evaluator, *state);
  };
  const Answer a = play({0, 1, 2}), b = play({2, 1, 0}), c = play({0, 2, 1});
  CHECK(a.priors == b.priors);
  CHECK(a.value == b.value);
  CHECK(a.value != c.value);
  CHECK(sum(a.priors) == Approx(1.0));
  CHECK(std::set<float>(a.priors.begin(), a.priors.end()).size() > 1);
}

TEST_CASE("The mean of rollouts agrees with enumeration", "[mcts][evaluators]") {
  const auto game = envs::make_game("tic_tac_toe");
  for (const std::vector<envs::Action>& opening :
       {std::vector<envs::Action>{0, 4, 8}, {0, 1, 2, 3}, {4, 0, 1, 7, 3}}) {
    const auto state = game->new_initial_state();
    for (envs::Action action : opening) state->apply(action);
    constexpr int kRollouts = 20000;
    RolloutEvaluator evaluator(Rng(7), kRollouts);
    const Answer answer = ask(evaluator, *state);
    // The standard error is at most 1 / sqrt(20000) = 0.0071; four of them.
    CHECK(answer.value == Approx(random_value(*state, state->current_player())).margin(0.028));
    CHECK(sum(answer.priors) == Approx(1.0));
  }
}

TEST_CASE("The cache returns identical answers and counts hits", "[mcts][evaluators]") {
  const auto game = envs::make_game("connect_four");
  CachingEvaluator cache(std::make_unique<HashEvaluator>(), 1 << 20);
  HashEvaluator plain;
  const auto state = game->new_initial_state();
  for (int pass = 0; pass < 2; ++pass)
    for (int column = 0; column < 7; ++column) {
      const auto next = state->clone();
      next->apply(column);
      const Answer cached = ask(cache, *next), direct = ask(plain, *next);
      CHECK(cached.value == direct.value);
      CHECK(cached.priors == direct.priors);
    }
  CHECK(cache.lookups() == 14);
  CHECK(cache.hits() >= 6);  // two of the seven may share a slot
  CHECK(cache.hits() <= 7);
}

TEST_CASE("The cache fills only the misses of a batch", "[mcts][evaluators]") {
  const auto game = envs::make_game("tic_tac_toe");
  CachingEvaluator cache(std::make_unique<HashEvaluator>(), 1 << 20);
  HashEvaluator plain;
  const auto a = game->new_initial_state(), b = a->clone();
  b->apply(4);
  const Answer known = ask(cache, *a), expected = ask(plain, *b);
  Answer first = known, second = expected;
  std::fill(first.priors.begin(), first.priors.end(), -1.0f);
  std::fill(second.priors.begin(), second.priors.end(), -1.0f);
  std::vector<EvalItem> batch = {{a.get(), first.actions, first.priors},
                                 {b.get(), second.actions, second.priors}};
  cache.evaluate(batch);
  CHECK(first.priors == known.priors);
  CHECK(second.priors == expected.priors);
  CHECK(batch[0].value == known.value);
  CHECK(batch[1].value == expected.value);
  CHECK(cache.hits() == 1);
}

TEST_CASE("The cache tells apart what may be played where the observation is the same",
          "[mcts][evaluators]") {
  // As superko does, of which the observation shows less than the whole game.
  const auto game = envs::make_game("go:size=5");
  const auto state = game->new_initial_state();
  CachingEvaluator cache(std::make_unique<HashEvaluator>(), 1 << 20);
  std::vector<float> priors(3);
  for (std::vector<envs::Action> actions : {std::vector{1, 5, 9}, {1, 5, 10}, {2, 4, 9}}) {
    EvalItem item{state.get(), actions, priors};
    cache.evaluate({&item, 1});
    cache.evaluate({&item, 1});
  }
  CHECK(cache.lookups() == 6);
  CHECK(cache.hits() == 3);
}

TEST_CASE("A large cache takes little memory while it remembers little", "[mcts][evaluators]") {
  const auto resident_bytes = [] {
    long total = 0, resident = 0;  // pages
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident * sysconf(_SC_PAGESIZE);
  };
  const auto game = envs::make_game("go:size=9");
  const auto state = game->new_initial_state();
  constexpr long kBytes = 256 << 20;
  CachingEvaluator cache(std::make_unique<HashEvaluator>(), kBytes);
  const long before = resident_bytes();
  ask(cache, *state);
  CHECK(resident_bytes() - before < kBytes / 2);
}

TEST_CASE("A cache of one slot still answers rightly", "[mcts][evaluators]") {
  const auto game = envs::make_game("tic_tac_toe");
  CachingEvaluator cache(std::make_unique<HashEvaluator>(), 0);
  HashEvaluator plain;
  const auto state = game->new_initial_state();
  for (envs::Action action : {4, 0, 8, 2, 1}) {
    state->apply(action);
    CHECK(ask(cache, *state).priors == ask(plain, *state).priors);
  }
}
