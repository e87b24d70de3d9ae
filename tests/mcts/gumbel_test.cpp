#include "mcts/gumbel.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "mcts/batched_search.hpp"
#include "mcts/walker.hpp"
#include "tests/support/reference_search.hpp"
#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;
using namespace tengen::test;

namespace {

/// Minimax values of a small game, by key, for the side to move.
class Solution {
 public:
  float value(envs::State& state) {
    if (state.is_terminal()) return -state.returns(1 - state.current_player());
    const auto [known, is_new] = values_.emplace(state.key(), -1.0f);
    if (!is_new) return known->second;
    std::vector<envs::Action> actions;
    state.legal_actions(actions);
    float best = -1;
    for (const envs::Action action : actions) best = std::max(best, value_of(state, action));
    return values_[state.key()] = best;
  }

  /// For the side that plays it.
  float value_of(envs::State& state, envs::Action action) {
    const int player = state.current_player();
    state.apply(action);
    const float value = state.is_terminal() ? state.returns(player) : -this->value(state);
    state.undo();
    return value;
  }

 private:
  std::unordered_map<std::uint64_t, float> values_;
};

/// What a poor net would say: random priors, and the exact value with noise; a function of the
/// position and a seed.
class PoorNet : public Evaluator {
 public:
  PoorNet(Solution& solution, std::uint64_t seed) : solution_(solution), seed_(seed) {}
  void evaluate(std::span<EvalItem> batch) override {
    for (EvalItem& item : batch) {
      Rng rng = Rng(seed_).split(item.state->key());
      float sum = 0;
      for (float& prior : item.priors) {
        prior = static_cast<float>(std::exp(1.5 * rng.normal()));
        sum += prior;
      }
      for (float& prior : item.priors) prior /= sum;
      const auto state = item.state->clone();
      const double noisy = 0.5 * solution_.value(*state) + 0.5 * rng.normal();
      item.value = static_cast<float>(std::clamp(noisy, -1.0, 1.0));
    }
  }

 private:
  Solution& solution_;
  std::uint64_t seed_;
};

struct Mean {
  double sum = 0, squares = 0;
  int count = 0;
  void add(double x) { sum += x, squares += x * x, ++count; }
  double value() const { return sum / count; }
  double error() const { return std::sqrt((squares / count - value() * value()) / count); }
};

/// What searches of many random positions gain on their prior, in exact values.
struct Gain {
  Mean move;    // of the move chosen
  Mean policy;  // of the improved policy
};

Gain gain(const std::string& spec, int first_ply, int last_ply, int simulations, int positions) {
  const auto game = envs::make_game(spec);
  static std::unordered_map<std::string, Solution> solutions;
  Solution& solution = solutions[spec];
  const SearchConfig config{.selection = Selection::gumbel, .gumbel_scale = 1, .use_solver = false};
  Search search(game, config);
  Gain gain;
  Rng rng(7);
  for (int i = 0; i < positions; ++i) {
    const auto state = game->new_initial_state();
    std::vector<envs::Action> legal;
    const int plies = first_ply + static_cast<int>(rng.below(last_ply - first_ply + 1));
    for (int ply = 0; ply < plies && !state->is_terminal(); ++ply) {
      state->legal_actions(legal);
      state->apply(legal[rng.below(static_cast<std::uint32_t>(legal.size()))]);
    }
    if (state->is_terminal()) continue;
    PoorNet net(solution, rng());
    search.reset(*state);
    // The root's own evaluation is a visit, but none of the paper's simulations.
    const SearchResult result = search.run(net, {.simulations = simulations + 1}, rng);
    double prior_value = 0, policy_value = 0;
    for (const ActionStats& action : result.actions) {
      prior_value += action.prior * solution.value_of(*state, action.action);
      policy_value += action.improved * solution.value_of(*state, action.action);
    }
    gain.move.add(solution.value_of(*state, select_move(result, 0, rng)) - prior_value);
    gain.policy.add(policy_value - prior_value);
  }
  return gain;
}

constexpr SearchConfig kGumbel{.selection = Selection::gumbel};

}  // namespace

TEST_CASE("Sequential halving gives each phase the same share", "[mcts][gumbel]") {
  const auto sequence = [](int actions, int simulations) {
    std::vector<int> visits;
    for (int done = 0; done < simulations; ++done)
      visits.push_back(considered_visits(actions, simulations, done));
    return visits;
  };
  CHECK(sequence(1, 3) == std::vector<int>{0, 1, 2});
  CHECK(sequence(2, 4) == std::vector<int>{0, 0, 1, 1});
  CHECK(sequence(4, 8) == std::vector<int>{0, 0, 0, 0, 1, 1, 2, 2});
  CHECK(sequence(4, 16) == std::vector<int>{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5});
  CHECK(sequence(16, 16) == std::vector<int>(16, 0));
  CHECK(sequence(3, 8) == std::vector<int>{0, 0, 0, 1, 1, 2, 2, 3});
}

TEST_CASE("Each phase of a timed search shares its visits equally", "[mcts][gumbel]") {
  const SearchConfig config{.selection = Selection::gumbel, .use_solver = false};
  const auto game = envs::make_game("go:size=5");
  const auto root = game->new_initial_state();
  Tree tree(64 << 20);
  GumbelRoot gumbel;
  Walker<Sharing::single> walker(tree, config, 0, &gumbel);
  HashEvaluator evaluator;
  Rng rng(1);
  const auto simulate = [&](int count) {
    for (std::vector<EvalItem> batch; count > 0; --count, batch.clear()) {
      walker.walk(*root, batch);
      evaluator.evaluate(batch);
      walker.absorb(batch);
      gumbel.apply(tree, config);
    }
  };
  gumbel.begin(tree, config, rng, 1'000'000);
  simulate(1);
  for (const double end : {0.25, 0.5, 0.75, std::numeric_limits<double>::infinity()}) {
    gumbel.next_phase(tree, config);
    CHECK(gumbel.phase_end().fraction == end);
    simulate(80);
  }
  std::vector<int> visits;
  for (const Edge& edge : tree.edges<Sharing::single>(*tree.root_node()))
    visits.push_back(static_cast<int>(edge.visits));
  std::sort(visits.rbegin(), visits.rend());
  visits.resize(17);
  CHECK(visits == std::vector<int>{75, 75, 35, 35, 15, 15, 15, 15, 5, 5, 5, 5, 5, 5, 5, 5, 0});
}

TEST_CASE("Gumbel search equals the plain reference after the paper", "[mcts][gumbel]") {
  const std::string spec = GENERATE("tic_tac_toe", "connect_four", "go:size=3", "go:size=5");
  const int simulations = GENERATE(2, 3, 5, 9, 17, 40, 200);
  SearchConfig config = kGumbel;
  config.use_solver = false;
  config.gumbel_actions = GENERATE(4, 16);
  const auto game = envs::make_game(spec);
  HashEvaluator evaluator;
  Rng rng(3);
  Search search(game, config);
  search.reset(*game->new_initial_state());
  const SearchResult result = search.run(evaluator, {.simulations = simulations}, rng);
  const auto expected =
      ReferenceSearch(config, evaluator).run(*game->new_initial_state(), simulations);
  std::vector<int> visits;
  for (const auto& child : expected.children) visits.push_back(child.visits);
  INFO(spec << " " << simulations);
  CHECK(visits_of(result) == visits);
}

TEST_CASE("Few Gumbel simulations improve on the prior in exact values", "[mcts][gumbel]") {
  const bool small = GENERATE(true, false);
  const std::string spec = small ? "tic_tac_toe" : "connect_four:width=5,height=4";
  Gain first, before;
  for (const int simulations : {2, 4, 8, 16}) {
    const Gain now =
        small ? gain(spec, 0, 6, simulations, 2000) : gain(spec, 6, 14, simulations, 2000);
    INFO(spec << " " << simulations << ": move " << now.move.value() << " +- " << now.move.error()
              << ", policy " << now.policy.value() << " +- " << now.policy.error());
    CHECK(now.move.value() > 5 * now.move.error());
    CHECK(now.policy.value() > 5 * now.policy.error());
    if (simulations == 2) first = before = now;
    CHECK(now.move.value() >= before.move.value() - 2 * now.move.error());
    CHECK(now.policy.value() >= before.policy.value() - 2 * now.policy.error());
    before = now;
  }
  CHECK(before.move.value() > first.move.value() + 5 * before.move.error());
  CHECK(before.policy.value() > first.policy.value() + 5 * before.policy.error());
}

TEST_CASE("The improved policy completes values as the paper says", "[mcts][gumbel]") {
  // Three actions: 0.5 visited twice with q 0.25, 0.3 visited once with q -0.5, 0.2 never.
  Tree tree(1 << 20);
  REQUIRE(Tree::claim<Sharing::single>(tree.root()));
  const std::vector<envs::Action> actions{0, 1, 2};
  const std::vector<float> priors{0.5f, 0.3f, 0.2f};
  REQUIRE(tree.expand<Sharing::single>(tree.root(), actions, priors, 0));
  Node& node = *tree.root_node();
  const auto visit = [&](EdgeRef edge, int visits, float sum) {
    edge->visits = static_cast<std::uint32_t>(visits);
    edge->value_sum = to_fixed(sum);
    refresh<Sharing::single>(edge);
  };
  visit(tree.open_next<Sharing::single>(node, 0), 2, 0.5f);
  visit(tree.open_next<Sharing::single>(node, 0), 1, -0.5f);
  visit(tree.root_ref(), 4, -(0.125f + 0.5f - 0.5f));  // its own evaluation: 0.125 for the mover

  ImprovedPolicy policy;
  policy.compute<Sharing::single>(tree, node, tree.root(), kGumbel);
  const double weighted = (0.5 * 0.25 + 0.3 * -0.5) / 0.8;
  const double mixed = (0.125 + 3 * weighted) / 4;
  CHECK(policy.mixed_value() == Approx(mixed));
  const auto weight = [](double prior, double q) { return prior * std::exp(52 * (1 + q) / 2); };
  const double sum = weight(0.5, 0.25) + weight(0.3, -0.5) + weight(0.2, mixed);
  CHECK(policy.probability(0) == Approx(weight(0.5, 0.25) / sum));
  CHECK(policy.probability(1) == Approx(weight(0.3, -0.5) / sum));
  CHECK(policy.probability_unopened(0.2f) == Approx(weight(0.2, mixed) / sum));
}

TEST_CASE("Gumbel policy targets sum to one and are above zero everywhere", "[mcts][gumbel]") {
  const SearchResult result = run_hashed("connect_four", {3, 3}, 17, kGumbel);
  std::vector<float> target(7);
  write_policy_target(result, target);
  float sum = 0;
  for (const float share : target) sum += share;
  CHECK(sum == Approx(1));
  for (const float share : target) CHECK(share > 0);
}

TEST_CASE("Gumbel noise varies the move and its seed fixes it", "[mcts][gumbel]") {
  SearchConfig config = kGumbel;
  config.gumbel_scale = 1;
  std::vector<int> counts(7);
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const SearchResult result = run_hashed("connect_four", {}, 5, config, seed);
    CHECK(same_search(result, run_hashed("connect_four", {}, 5, config, seed)));
    ++counts[result.choice];
  }
  CHECK(std::count(counts.begin(), counts.end(), 0) < 5);
  CHECK(run_hashed("connect_four", {}, 5, kGumbel, 1).choice ==
        run_hashed("connect_four", {}, 5, kGumbel, 2).choice);
}

TEST_CASE("Gumbel search with the solver wins and avoids proven losses", "[mcts][gumbel]") {
  const SearchResult wins = run_hashed("tic_tac_toe", {0, 3, 1, 4}, 60, kGumbel);
  CHECK(wins.proof == Proof::win);
  Rng rng(1);
  CHECK(select_move(wins, 0, rng) == 2);
  const SearchResult defends = run_hashed("tic_tac_toe", {0, 4, 8, 3}, 200, kGumbel);
  CHECK(select_move(defends, 0, rng) == 5);
}

TEST_CASE("Gumbel searches share out their simulations move after move", "[mcts][gumbel]") {
  const auto game = envs::make_game("connect_four");
  HashEvaluator evaluator;
  Rng rng(1);
  Search search(game, kGumbel);
  search.reset(*game->new_initial_state());
  for (int move = 0; move < 6; ++move) {
    const SearchResult result = search.run(evaluator, {.simulations = 9}, rng);
    CHECK(result.simulations == 9);
    std::vector<int> visits = visits_of(result);
    std::sort(visits.rbegin(), visits.rend());
    CHECK(visits == std::vector<int>{2, 1, 1, 1, 1, 1, 1});
    search.advance(select_move(result, 0, rng));
  }
}
