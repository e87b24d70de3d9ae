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
  void new_game(const envs::State& start) override {
    moves_.clear();
    player_->new_game(start);
  }
  void observe(envs::Action action) override {
    moves_.push_back(action);
    player_->observe(action);
  }
  std::optional<envs::Action> select_action(const envs::State& state, Rng& rng) override {
    const std::optional<envs::Action> action = player_->select_action(state, rng);
    if (search_ && action) note(*action);
    return action;
  }

 private:
  void note(envs::Action action) {
    std::vector<envs::Action> moves = moves_;
    moves.push_back(action);
    const mcts::SearchResult& result = search_->last_result();
    commentary_.add(std::move(moves), {result.value, result.simulations});
  }

  const std::unique_ptr<selfplay::Player> player_;
  const selfplay::SearchPlayer* const search_;  // player_, if it searches
  Commentary& commentary_;
  std::vector<envs::Action> moves_;  // of the present game
};

std::unique_ptr<selfplay::Player> Commentary::attend(std::unique_ptr<selfplay::Player> player) {
  return std::make_unique<CommentedPlayer>(std::move(player), *this);
}

void Commentary::add(Moves moves, const MoveNote& note) {
  const std::lock_guard lock(mutex_);
  notes_[std::move(moves)] = note;
}

std::optional<MoveNote> Commentary::find(std::span<const envs::Action> actions,
                                         std::size_t ply) const {
  const Moves moves(actions.begin(), actions.begin() + static_cast<std::ptrdiff_t>(ply) + 1);
  const std::lock_guard lock(mutex_);
  const auto found = notes_.find(moves);
  if (found == notes_.end()) return std::nullopt;
  return found->second;
}

}  // namespace tengen::tools
