#include "tools/commentary.hpp"

#include <utility>

#include "selfplay/players/search_player.hpp"

namespace tengen::tools {

class CommentedPlayer final : public selfplay::Player {
 public:
  CommentedPlayer(std::unique_ptr<selfplay::Player> player, Commentary& commentary)
      : player_(std::move(player)),
        search_(dynamic_cast<const selfplay::SearchPlayer*>(player_.get())),
        commentary_(commentary) {}

  std::string name() const override { return player_->name(); }
  void new_game(const envs::State& start) override { player_->new_game(start); }
  void observe(envs::Action action) override { player_->observe(action); }
  std::optional<envs::Action> select_action(const envs::State& state, Rng& rng) override {
    const std::optional<envs::Action> action = player_->select_action(state, rng);
    if (search_ && action) {
      const mcts::SearchResult& result = search_->last_result();
      commentary_.add({name(), state.key(), *action}, {result.value, result.simulations});
    }
    return action;
  }

 private:
  const std::unique_ptr<selfplay::Player> player_;
  const selfplay::SearchPlayer* const search_;  // player_, if it searches
  Commentary& commentary_;
};

std::unique_ptr<selfplay::Player> Commentary::attend(std::unique_ptr<selfplay::Player> player) {
  return std::make_unique<CommentedPlayer>(std::move(player), *this);
}

void Commentary::add(Key key, const MoveNote& note) {
  const std::lock_guard lock(mutex_);
  notes_[std::move(key)] = note;
}

std::optional<MoveNote> Commentary::find(const std::string& player, const envs::State& state,
                                         envs::Action action) const {
  const std::lock_guard lock(mutex_);
  const auto found = notes_.find({player, state.key(), action});
  if (found == notes_.end()) return std::nullopt;
  return found->second;
}

}  // namespace tengen::tools
