#include "selfplay/players/search_player.hpp"

#include "engine/base/check.hpp"

namespace tengen::selfplay {

SearchPlayer::SearchPlayer(std::string name, std::shared_ptr<const envs::Game> game,
                           const mcts::EvaluatorFactory& make_evaluator,
                           const SearchPlayerConfig& config)
    : name_(std::move(name)),
      config_(config),
      search_(std::move(game), config.search, config.parallel, make_evaluator) {}

SearchPlayer::~SearchPlayer() = default;

void SearchPlayer::new_game(const envs::State& start) { search_.reset(start); }

void SearchPlayer::observe(envs::Action action) { search_.advance(action); }

std::optional<envs::Action> SearchPlayer::select_action(const envs::State& state, Rng& rng) {
  DCHECK(search_.root_state().key() == state.key());
  last_result_ = search_.run(config_.limits, rng, config_.stop);
  if (last_result_.value < config_.resign_below) return std::nullopt;
  const bool varied = state.ply() < config_.temperature_plies;
  return mcts::select_move(last_result_, varied ? config_.temperature : 0.0, rng);
}

}  // namespace tengen::selfplay
