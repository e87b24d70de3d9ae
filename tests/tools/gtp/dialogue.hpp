// Scripted GTP dialogues: what a session answers to given lines, with a small fast search.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <utility>

#include "mcts/evaluators.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::test {

inline gtp::SessionConfig dialogue_config(const std::string& game) {
  gtp::SessionConfig config;
  config.game = game;
  config.limits.simulations = 40;
  return config;
}

inline gtp::EvaluatorMaker hash_evaluators() {
  return [](const std::shared_ptr<const envs::Game>&, std::uint64_t) -> mcts::EvaluatorFactory {
    return [](int) { return std::make_unique<mcts::HashEvaluator>(); };
  };
}

/// For one thread; sees how many evaluations there were so far.
class CountingEvaluator : public mcts::HashEvaluator {
 public:
  explicit CountingEvaluator(std::function<void(int)> on_evaluation)
      : on_evaluation_(std::move(on_evaluation)) {}
  void evaluate(std::span<mcts::EvalItem> items) override {
    HashEvaluator::evaluate(items);
    on_evaluation_(++evaluations_);
  }

 private:
  const std::function<void(int)> on_evaluation_;
  int evaluations_ = 0;
};

inline gtp::EvaluatorMaker counting_evaluators(const std::function<void(int)>& on_evaluation) {
  return [=](const std::shared_ptr<const envs::Game>&, std::uint64_t) -> mcts::EvaluatorFactory {
    return [=](int) { return std::make_unique<CountingEvaluator>(on_evaluation); };
  };
}

/// All that the engine writes in answer to `input`.
inline std::string converse(const std::string& input, const gtp::SessionConfig& config,
                            const gtp::EvaluatorMaker& evaluators = hash_evaluators()) {
  gtp::Session session(config, evaluators);
  gtp::Engine engine;
  gtp::add_all_commands(engine, session);
  std::istringstream in(input);
  std::ostringstream out;
  engine.run(in, out);
  return out.str();
}

inline std::string converse(const std::string& input, const std::string& game = "go:size=5") {
  return converse(input, dialogue_config(game));
}

/// The response to the last of the lines alone.
inline std::string last_response(const std::string& input, const std::string& game = "go:size=5") {
  const std::string all = converse(input, game);
  const std::size_t begin = all.rfind("\n\n", all.size() - 3);
  return begin == std::string::npos ? all : all.substr(begin + 2);
}

}  // namespace tengen::test
