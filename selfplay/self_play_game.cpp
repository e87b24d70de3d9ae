#include "selfplay/self_play_game.hpp"

namespace tengen::selfplay {

SelfPlayGame::SelfPlayGame(const SelfPlayConfig& config, std::shared_ptr<const envs::Game> game)
    : config_(config),
      game_(std::move(game)),
      full_search_(config.search),
      fast_search_(config.search),
      search_(game_, config.search),
      state_(game_->new_initial_state()),
      policy_(static_cast<std::size_t>(game_->num_actions())) {
  fast_search_.noise_fraction = 0;
  fast_search_.gumbel_scale = 0;
}

void SelfPlayGame::start(std::uint64_t index, int iteration, const Rng& rng) {
  rng_ = rng;
  record_ = GameRecord{};
  record_.game = game_->spec();
  record_.index = index;
  record_.iteration = iteration;
  const bool played_on = rng_.uniform() < config_.played_on_fraction;
  record_.resign_disabled = played_on || config_.resign_threshold < -1;
  state_->copy_from(*game_->new_initial_state());
  search_.reset(*state_);
  begin_move();
}

void SelfPlayGame::begin_move() {
  full_ = config_.full_fraction >= 1 || rng_.uniform() < config_.full_fraction;
  simulations_ = full_ ? config_.simulations : config_.fast_simulations;
  search_.set_config(full_ ? full_search_ : fast_search_);
  search_.begin(rng_, simulations_);
}

bool SelfPlayGame::ends_before_move(const mcts::SearchResult& result) {
  const float sign = state_->current_player() == 0 ? 1.0f : -1.0f;
  if (config_.adjudicate_proven && result.proof != mcts::Proof::unknown) {
    record_.end = GameEnd::adjudicated;
    record_.result = result.proof == mcts::Proof::win    ? sign
                     : result.proof == mcts::Proof::loss ? -sign
                                                         : 0.0f;
    return true;
  }
  if (!record_.resign_disabled && result.value < config_.resign_threshold) {
    record_.end = GameEnd::resigned;
    record_.result = -sign;
    return true;
  }
  return false;
}

void SelfPlayGame::record_move(const mcts::SearchResult& result, envs::Action action) {
  PlyRecord ply;
  ply.action = action;
  ply.root_value = result.value;
  ply.player = static_cast<std::uint8_t>(state_->current_player());
  ply.for_training = full_;
  ply.policy_begin = static_cast<std::uint32_t>(record_.policy.size());
  if (full_) {
    mcts::write_policy_target(result, policy_);
    for (const mcts::ActionStats& stats : result.actions) {
      const float probability = policy_[static_cast<std::size_t>(stats.action)];
      if (probability > 0) record_.policy.push_back({stats.action, probability});
    }
  }
  ply.policy_count = static_cast<std::uint32_t>(record_.policy.size()) - ply.policy_begin;
  record_.plies.push_back(ply);
}

/// What Gumbel's noise has drawn already needs no temperature.
double SelfPlayGame::temperature() const {
  if (search_.config().selection == mcts::Selection::gumbel && search_.config().gumbel_scale > 0)
    return 0;
  return state_->ply() < config_.temperature_plies ? config_.temperature
                                                   : config_.final_temperature;
}

bool SelfPlayGame::finish_move() {
  const mcts::SearchResult result = search_.result();
  const envs::Action action = mcts::select_move(result, temperature(), rng_);
  // The last position of a game that ends here is recorded too: its search is as good as any.
  record_move(result, action);
  if (ends_before_move(result)) return true;
  state_->apply(action);
  if (state_->is_terminal()) {
    record_.result = state_->returns(0);
    return true;
  }
  if (config_.reuse_tree)
    search_.advance(action);
  else
    search_.reset(*state_);
  begin_move();
  return false;
}

}  // namespace tengen::selfplay
