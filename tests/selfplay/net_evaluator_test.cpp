#include "selfplay/net_evaluator.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <limits>
#include <numeric>

#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"
#include "envs/registry.hpp"
#include "tests/support/tiny_nets.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

struct Answer {
  std::vector<envs::Action> actions;
  std::vector<float> priors;
  float value = 0;
};

/// Evaluates the states in one batch.
std::vector<Answer> evaluate(mcts::Evaluator& evaluator,
                             const std::vector<std::unique_ptr<envs::State>>& states) {
  std::vector<Answer> answers(states.size());
  std::vector<mcts::EvalItem> batch;
  for (std::size_t i = 0; i < states.size(); ++i) {
    states[i]->legal_actions(answers[i].actions);
    answers[i].priors.resize(answers[i].actions.size());
    batch.push_back({states[i].get(), answers[i].actions, answers[i].priors, 0});
  }
  evaluator.evaluate(batch);
  for (std::size_t i = 0; i < states.size(); ++i) answers[i].value = batch[i].value;
  return answers;
}

std::vector<std::unique_ptr<envs::State>> random_states(const envs::Game& game, int count) {
  Rng rng(11);
  std::vector<std::unique_ptr<envs::State>> states;
  std::vector<envs::Action> legal;
  for (int i = 0; i < count; ++i) {
    auto state = game.new_initial_state();
    for (int ply = 0; ply < i % 5; ++ply) {
      state->legal_actions(legal);
      state->apply(legal[rng.below(static_cast<std::uint32_t>(legal.size()))]);
      if (state->is_terminal()) state->undo();
    }
    states.push_back(std::move(state));
  }
  return states;
}

}  // namespace

TEST_CASE("An evaluation computes on the thread that asks for it alone", "[selfplay][evaluator]") {
  const auto threads = [] {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
  };
  const auto game = envs::make_game("go:size=9");
  NetEvaluator evaluator(test::tiny_plan(*game), *game);
  const auto states = random_states(*game, 8);
  const kernels::ScopedThreads three(3);
  const auto before = threads();
  evaluate(evaluator, states);
  CHECK(threads() == before);
}

TEST_CASE("The mean over the symmetries is asked for item by item", "[selfplay][evaluator]") {
  // Two of a position's mirror images: their means are mirror images, their single answers are not.
  const auto game = envs::make_game("connect_four");
  NetEvaluator evaluator(test::tiny_plan(*game), *game);
  const auto answer = [&](envs::Action action, bool average) {
    auto state = game->new_initial_state();
    state->apply(action);
    Answer answer;
    state->legal_actions(answer.actions);
    answer.priors.resize(answer.actions.size());
    mcts::EvalItem item{state.get(), answer.actions, answer.priors, 0, average};
    evaluator.evaluate({&item, 1});
    answer.value = item.value;
    return answer;
  };
  const Answer left = answer(1, true), right = answer(5, true);
  CHECK(left.value == Approx(right.value));
  CHECK(std::accumulate(left.priors.begin(), left.priors.end(), 0.0) == Approx(1));
  for (std::size_t column = 0; column < 7; ++column)
    CHECK(left.priors[column] == Approx(right.priors[6 - column]));
  const Answer plain_left = answer(1, false), plain_right = answer(5, false);
  CHECK(plain_left.value != Approx(plain_right.value));
  CHECK(left.value == Approx((plain_left.value + plain_right.value) / 2));
}

TEST_CASE("The net evaluator gives the softmax of the legal logits", "[selfplay][evaluator]") {
  const auto game = envs::make_game("tic_tac_toe");
  const auto plan = test::tiny_plan(*game);
  auto state = game->new_initial_state();
  state->apply(4);
  std::vector<float> observation(static_cast<std::size_t>(game->observation_shape().size()));
  std::vector<float> logits(static_cast<std::size_t>(game->num_actions())), value(1);
  state->write_observation(observation);
  plan->evaluate(1, observation, logits, value, *plan->make_scratch());

  NetEvaluator evaluator(plan, *game);
  std::vector<std::unique_ptr<envs::State>> states;
  states.push_back(std::move(state));
  const Answer answer = evaluate(evaluator, states)[0];
  REQUIRE(answer.actions.size() == 8);
  double sum = 0;
  for (envs::Action a : answer.actions) sum += std::exp(logits[static_cast<std::size_t>(a)]);
  for (std::size_t i = 0; i < answer.actions.size(); ++i)
    CHECK(answer.priors[i] ==
          Approx(std::exp(logits[static_cast<std::size_t>(answer.actions[i])]) / sum));
  CHECK(answer.value == Approx(value[0]));
}

TEST_CASE("A batch larger than the plan's is evaluated in pieces", "[selfplay][evaluator]") {
  const auto game = envs::make_game("connect_four");
  NetEvaluator small(test::tiny_plan(*game, 1, 4), *game);
  NetEvaluator large(test::tiny_plan(*game, 1, 64), *game);
  const auto states = random_states(*game, 23);
  const auto a = evaluate(small, states), b = evaluate(large, states);
  for (std::size_t i = 0; i < states.size(); ++i) {
    CHECK(a[i].value == Approx(b[i].value).margin(1e-5));
    for (std::size_t k = 0; k < a[i].priors.size(); ++k)
      CHECK(a[i].priors[k] == Approx(b[i].priors[k]).margin(1e-5));
  }
}

TEST_CASE("Random symmetries are undone on the policy", "[selfplay][evaluator]") {
  // Under symmetry s the net sees the transformed position: the evaluator's prior of an action is
  // the plain evaluator's prior, in the transformed position, of the transformed action.
  const auto game = envs::make_game("tic_tac_toe");
  const auto plan = test::tiny_plan(*game);
  NetEvaluator plain(plan, *game);
  std::vector<std::unique_ptr<envs::State>> original;
  original.push_back(game->new_initial_state());
  original[0]->apply(0);
  original[0]->apply(1);
  bool moved = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    NetEvaluator symmetric(plan, *game, Rng(seed));
    const Answer seen = evaluate(symmetric, original)[0];
    bool explained = false;
    for (int s = 0; s < game->num_symmetries(); ++s) {
      std::vector<std::unique_ptr<envs::State>> image;
      image.push_back(game->new_initial_state());
      image[0]->apply(game->transform_action(s, 0));
      image[0]->apply(game->transform_action(s, 1));
      const Answer expected = evaluate(plain, image)[0];
      bool equal = seen.value == Approx(expected.value).margin(1e-6);
      for (std::size_t i = 0; i < seen.actions.size(); ++i) {
        const auto target = game->transform_action(s, seen.actions[i]);
        const auto at = std::find(expected.actions.begin(), expected.actions.end(), target);
        equal &= seen.priors[i] ==
                 Approx(expected.priors[static_cast<std::size_t>(at - expected.actions.begin())])
                     .margin(1e-6);
      }
      explained |= equal;
      moved |= equal && s != 0;
    }
    REQUIRE(explained);
  }
  CHECK(moved);
}

TEST_CASE("A net for another game is refused", "[selfplay][evaluator]") {
  const auto game = envs::make_game("tic_tac_toe");
  CHECK_THROWS_AS(NetEvaluator(test::tiny_plan(*game), *envs::make_game("connect_four")),
                  std::invalid_argument);
}

TEST_CASE("A net whose output is not finite is an error and not a search",
          "[selfplay][evaluator]") {
  const auto game = envs::make_game("connect_four");
  for (const char* head : {"policy", "value"}) {
    const auto net = test::tiny_net(*game);
    for (const NamedParameter& p : net->parameters()) {
      Variable parameter = p.variable;
      if (p.name.rfind(head, 0) == 0)
        parameter.value().fill(std::numeric_limits<double>::quiet_NaN());
    }
    NetEvaluator evaluator(
        std::make_shared<nets::InferencePlan>(net->graph(), nets::Precision::fp32, 1), *game);
    std::vector<std::unique_ptr<envs::State>> states;
    states.push_back(game->new_initial_state());
    CHECK_THROWS_WITH(evaluate(evaluator, states), Catch::Contains(head));
  }
}
