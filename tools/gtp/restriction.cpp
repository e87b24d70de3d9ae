#include "tools/gtp/restriction.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/hash.hpp"

namespace tengen::gtp {
namespace {

std::uint64_t key_of(const std::vector<Restriction>& restrictions, int root_ply) {
  auto key = static_cast<std::uint64_t>(root_ply);
  const auto add = [&key](int word) { key = hash_combine(key, static_cast<std::uint64_t>(word)); };
  for (const Restriction& each : restrictions) {
    for (const int word : {each.player, int{each.allow}, each.plies}) add(word);
    for (const envs::Action action : each.actions) add(action);
    add(envs::kNoAction);  // ends the actions
  }
  return key;
}

class RestrictedState final : public envs::State {
 public:
  RestrictedState(const RestrictedGame& game, std::unique_ptr<envs::State> state)
      : game_(&game), state_(std::move(state)) {}

  const envs::Game& game() const override { return *game_; }
  int current_player() const override { return state_->current_player(); }
  bool is_terminal() const override { return state_->is_terminal(); }
  float returns(int player) const override { return state_->returns(player); }
  int ply() const override { return state_->ply(); }

  void legal_actions(std::vector<envs::Action>& out) const override {
    state_->legal_actions(out);
    if (!is_restricted()) return;
    const auto hidden = std::stable_partition(
        out.begin(), out.end(), [this](envs::Action action) { return permits(action); });
    if (hidden != out.begin()) out.erase(hidden, out.end());
  }

  bool is_legal(envs::Action action) const override {
    if (!is_restricted() || permits(action)) return state_->is_legal(action);
    std::vector<envs::Action> legal;
    legal_actions(legal);
    return std::binary_search(legal.begin(), legal.end(), action);
  }

  void apply(envs::Action action) override { state_->apply(action); }
  void undo() override { state_->undo(); }
  std::uint64_t key() const override { return marked(state_->key()); }
  std::uint64_t observation_key() const override { return marked(state_->observation_key()); }
  void write_observation(std::span<float> out) const override { state_->write_observation(out); }
  std::unique_ptr<envs::State> clone() const override {
    return std::make_unique<RestrictedState>(*game_, state_->clone());
  }
  void copy_from(const envs::State& other) override {
    state_->copy_from(*static_cast<const RestrictedState&>(other).state_);
  }
  float random_playout(Rng& rng, int player, int* plies) const override {
    return state_->random_playout(rng, player, plies);
  }
  std::string to_string() const override { return state_->to_string(); }

 private:
  bool is_restricted() const { return !is_terminal() && game_->applies(ply()); }
  bool permits(envs::Action action) const {
    return game_->permits(action, current_player(), ply());
  }
  /// The legal moves depend on the restrictions and on the ply here: a cache must not mix this
  /// position with others.
  std::uint64_t marked(std::uint64_t key) const {
    if (!is_restricted()) return key;
    return hash_combine(hash_combine(key, game_->key()), static_cast<std::uint64_t>(ply()));
  }

  const RestrictedGame* game_;
  std::unique_ptr<envs::State> state_;
};

}  // namespace

RestrictedGame::RestrictedGame(std::shared_ptr<const envs::Game> game,
                               std::vector<Restriction> restrictions, int root_ply)
    : game_(std::move(game)),
      restrictions_(std::move(restrictions)),
      root_ply_(root_ply),
      key_(key_of(restrictions_, root_ply)) {}

std::unique_ptr<envs::State> RestrictedGame::restrict(const envs::State& position) const {
  return std::make_unique<RestrictedState>(*this, position.clone());
}

std::unique_ptr<envs::State> RestrictedGame::new_initial_state() const {
  return std::make_unique<RestrictedState>(*this, game_->new_initial_state());
}

bool RestrictedGame::applies(int ply) const {
  return std::any_of(restrictions_.begin(), restrictions_.end(),
                     [&](const Restriction& each) { return ply - root_ply_ < each.plies; });
}

bool RestrictedGame::permits(envs::Action action, int player, int ply) const {
  return std::all_of(restrictions_.begin(), restrictions_.end(), [&](const Restriction& each) {
    if (each.player != player || ply - root_ply_ >= each.plies) return true;
    const bool named =
        std::find(each.actions.begin(), each.actions.end(), action) != each.actions.end();
    return named == each.allow;
  });
}

}  // namespace tengen::gtp
