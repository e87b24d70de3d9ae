#include "selfplay/replay_window.hpp"

#include <algorithm>
#include <bit>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/pass_alive.hpp"

namespace tengen::selfplay {

namespace {
constexpr int kWordBits = 64;
}

ReplayWindow::ReplayWindow(std::shared_ptr<const envs::Game> game, std::size_t capacity)
    : game_(std::move(game)), capacity_(capacity) {
  if (capacity == 0) bad_argument("replay_window", "expected a capacity of at least 1, got 0");
  const int cells = game_->observation_shape().cells();
  for (int s = 0; s < game_->num_symmetries(); ++s) {
    auto& cell_map = cell_map_.emplace_back();
    for (int cell = 0; cell < cells; ++cell) cell_map.push_back(game_->transform_cell(s, cell));
    auto& action_map = action_map_.emplace_back();
    for (int a = 0; a < game_->num_actions(); ++a)
      action_map.push_back(game_->transform_action(s, a));
  }
}

ReplayWindow::Position ReplayWindow::pack(std::span<const float> observation) {
  Position position;
  const bool binary = std::all_of(observation.begin(), observation.end(),
                                  [](float x) { return x == 0.0f || x == 1.0f; });
  if (!binary) {
    position.values.assign(observation.begin(), observation.end());
    return position;
  }
  position.bits.assign((observation.size() + kWordBits - 1) / kWordBits, 0);
  for (std::size_t i = 0; i < observation.size(); ++i)
    if (observation[i] != 0) position.bits[i / kWordBits] |= std::uint64_t{1} << (i % kWordBits);
  return position;
}

void ReplayWindow::add(const GameRecord& record) {
  if (record.game != game_->spec())
    throw Error(fmt::format("replay: expected a game of {}, got {}", game_->spec(), record.game));
  std::vector<float> observation(static_cast<std::size_t>(game_->observation_shape().size()));
  const std::size_t first = positions_.size();
  const auto state = game_->new_initial_state();
  for (const PlyRecord& ply : record.plies) {
    if (!state->is_legal(ply.action))
      throw Error(
          fmt::format("replay: game {} has an illegal move at ply {}", record.index, state->ply()));
    if (ply.for_training) {
      state->write_observation(observation);
      Position position = pack(observation);
      const auto policy = record.policy_of(ply);
      position.policy.assign(policy.begin(), policy.end());
      position.outcome = state->current_player() == 0 ? record.result : -record.result;
      position.root_value = ply.root_value;
      position.player = state->current_player();
      positions_.push_back(std::move(position));
    }
    state->apply(ply.action);
  }
  const std::shared_ptr<const Owners> owners = owners_after(*state);
  for (std::size_t i = first; i < positions_.size(); ++i) positions_[i].owners = owners;
  trim();
}

std::shared_ptr<const ReplayWindow::Owners> ReplayWindow::owners_after(
    const envs::State& end) const {
  using envs::go::Color;
  const envs::go::GoState* go = envs::go::as_go(end);
  if (!go) return nullptr;
  const bool over = go->is_terminal() && go->ply() < game_->max_plies();
  const std::vector<Color> colors =
      over ? go->owners() : pass_alive(go->board(), go->go_game().rules().suicide);
  Owners owners(colors.size());
  for (std::size_t cell = 0; cell < colors.size(); ++cell)
    if (over || colors[cell] != Color::kEmpty)
      owners[cell] = (colors[cell] == Color::kBlack) - (colors[cell] == Color::kWhite);
  return std::make_shared<const Owners>(std::move(owners));
}

void ReplayWindow::set_capacity(std::size_t positions) {
  capacity_ = std::max<std::size_t>(positions, 1);
  trim();
}

void ReplayWindow::trim() {
  while (positions_.size() > capacity_) positions_.pop_front();
}

std::size_t ReplayWindow::bytes() const {
  std::size_t total = 0;
  for (const Position& p : positions_)
    total += sizeof p + p.bits.size() * sizeof(p.bits[0]) + p.values.size() * sizeof(p.values[0]) +
             p.policy.size() * sizeof(p.policy[0]);
  // Positions of one game share its owners, and follow one another.
  for (std::size_t i = 0; i < positions_.size(); ++i)
    if (const auto& owners = positions_[i].owners;
        owners && (i + 1 == positions_.size() || positions_[i + 1].owners != owners))
      total += owners->size() * sizeof(owners->front());
  return total;
}

void ReplayWindow::write_position(std::size_t index, int symmetry, std::span<float> observation,
                                  std::span<float> policy) const {
  const Position& position = positions_[index];
  const int channels = game_->observation_shape().channels;
  const std::vector<int>& cell_map = cell_map_[static_cast<std::size_t>(symmetry)];
  const auto target = [&](std::size_t source) {
    const int i = static_cast<int>(source);
    return static_cast<std::size_t>(cell_map[i / channels] * channels + i % channels);
  };
  std::fill(observation.begin(), observation.end(), 0.0f);
  for (std::size_t i = 0; i < position.values.size(); ++i)
    observation[target(i)] = position.values[i];
  for (std::size_t w = 0; w < position.bits.size(); ++w)
    for (std::uint64_t word = position.bits[w]; word != 0; word &= word - 1)
      observation[target(w * kWordBits + static_cast<std::size_t>(std::countr_zero(word)))] = 1.0f;

  const std::vector<envs::Action>& action_map = action_map_[static_cast<std::size_t>(symmetry)];
  std::fill(policy.begin(), policy.end(), 0.0f);
  for (const PolicyEntry& entry : position.policy)
    policy[static_cast<std::size_t>(action_map[static_cast<std::size_t>(entry.action)])] =
        entry.probability;
}

void ReplayWindow::write_ownership(std::size_t index, int symmetry, std::span<float> ownership,
                                   std::span<float> known) const {
  const Position& position = positions_[index];
  std::ranges::fill(ownership, 0.0f);
  std::ranges::fill(known, 0.0f);
  if (!position.owners) return;
  const std::vector<int>& cell_map = cell_map_[static_cast<std::size_t>(symmetry)];
  for (std::size_t cell = 0; cell < ownership.size(); ++cell) {
    const std::optional<std::int8_t> owner = (*position.owners)[cell];
    if (!owner) continue;
    const auto seen = static_cast<std::size_t>(cell_map[cell]);
    ownership[seen] = static_cast<float>(position.player == 0 ? *owner : -*owner);
    known[seen] = 1;
  }
}

void ReplayWindow::sample(int batch_size, bool random_symmetry, double q_mix, Rng& rng,
                          TrainingBatch& batch) const {
  if (positions_.empty()) bad_argument("replay_window", "cannot sample from an empty window");
  const envs::ObservationShape shape = game_->observation_shape();
  const auto observation_size = static_cast<std::size_t>(shape.size());
  const auto actions = static_cast<std::size_t>(game_->num_actions());
  const Shape wanted{batch_size, shape.height, shape.width, shape.channels};
  if (!batch.observations.defined() || !(batch.observations.shape() == wanted)) {
    batch.observations = Tensor(wanted);
    batch.policy = Tensor(Shape{batch_size, game_->num_actions()});
    batch.value = Tensor(Shape{batch_size});
    batch.ownership = Tensor(Shape{batch_size, shape.height, shape.width});
    batch.owner_known = Tensor(Shape{batch_size, shape.height, shape.width});
  }
  const auto observations = batch.observations.values<float>();
  const auto policy = batch.policy.values<float>();
  const auto value = batch.value.values<float>();
  const auto ownership = batch.ownership.values<float>();
  const auto known = batch.owner_known.values<float>();
  const auto cells = static_cast<std::size_t>(shape.cells());
  const auto symmetries = static_cast<std::uint32_t>(random_symmetry ? cell_map_.size() : 1);
  for (std::size_t i = 0; i < static_cast<std::size_t>(batch_size); ++i) {
    const std::size_t index = rng.below(static_cast<std::uint32_t>(positions_.size()));
    const int symmetry = static_cast<int>(rng.below(symmetries));
    write_position(index, symmetry, observations.subspan(i * observation_size, observation_size),
                   policy.subspan(i * actions, actions));
    const Position& p = positions_[index];
    value[i] = static_cast<float>((1 - q_mix) * p.outcome + q_mix * p.root_value);
    write_ownership(index, symmetry, ownership.subspan(i * cells, cells),
                    known.subspan(i * cells, cells));
  }
}

}  // namespace tengen::selfplay
