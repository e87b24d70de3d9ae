#include "envs/connect_four/connect_four.hpp"

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/random.hpp"
#include "engine/base/spec.hpp"

namespace tengen::envs {
namespace {

/// Four bits in a row, `stride` bits a column: vertical, the two diagonals, horizontal.
bool has_four(std::uint64_t discs, int stride) {
  for (int shift : {1, stride - 1, stride, stride + 1}) {
    const std::uint64_t pairs = discs & (discs >> shift);
    if (pairs & (pairs >> (2 * shift))) return true;
  }
  return false;
}

}  // namespace

ConnectFourGame::ConnectFourGame(int width, int height) : width_(width), height_(height) {
  if (width < 4 || width > 8 || height < 4 || height > 7)
    bad_argument("connect_four", "expected width 4 to 8 and height 4 to 7, got {} x {}", width,
                 height);
}

std::shared_ptr<const Game> connect_four_from_spec(Spec& spec) {
  const int width = spec.get_int("width", 7, 4, 8);
  const int height = spec.get_int("height", 6, 4, 7);
  return std::make_shared<ConnectFourGame>(width, height);
}

std::string ConnectFourGame::spec() const {
  if (width_ == 7 && height_ == 6) return "connect_four";
  return fmt::format("connect_four:width={},height={}", width_, height_);
}

std::unique_ptr<State> ConnectFourGame::new_initial_state() const {
  return std::make_unique<ConnectFourState>(*this);
}

int ConnectFourGame::transform_cell(int symmetry, int cell) const {
  const int column = cell % width_;
  return cell - column + transform_action(symmetry, column);
}

Action ConnectFourGame::transform_action(int symmetry, Action action) const {
  return symmetry == 0 ? action : width_ - 1 - action;
}

std::string ConnectFourGame::action_to_string(Action action) const {
  return std::to_string(action + 1);
}

std::optional<Action> ConnectFourGame::parse_action(std::string_view text) const {
  if (text.size() != 1 || text[0] < '1' || text[0] >= '1' + width_) return std::nullopt;
  return text[0] - '1';
}

ConnectFourState::ConnectFourState(const ConnectFourGame& game) : game_(&game) {}

float ConnectFourState::returns(int player) const {
  if (!won_) return 0;
  return player == current_player() ? -1.0f : 1.0f;
}

void ConnectFourState::legal_actions(std::vector<Action>& out) const {
  out.clear();
  if (is_terminal()) return;
  for (Action column = 0; column < game_->width(); ++column)
    if (has_room(column)) out.push_back(column);
}

bool ConnectFourState::is_legal(Action action) const {
  return action >= 0 && action < game_->width() && has_room(action) && !is_terminal();
}

void ConnectFourState::apply(Action action) {
  DCHECK(is_legal(action));
  std::uint64_t& mine = discs_[current_player()];
  mine |= bit(action, heights_[action]++);
  moves_[ply_++] = static_cast<std::int8_t>(action);
  won_ = has_four(mine, stride());
}

void ConnectFourState::undo() {
  CHECK_INVARIANT(ply_ > 0);
  const int column = moves_[--ply_];
  discs_[current_player()] &= ~bit(column, --heights_[column]);
  won_ = false;
}

std::uint64_t ConnectFourState::key() const { return hash_combine(discs_[0], discs_[1]); }

void ConnectFourState::write_observation(std::span<float> out) const {
  const int me = current_player();
  float* cell = out.data();
  for (int row = game_->height() - 1; row >= 0; --row)
    for (int column = 0; column < game_->width(); ++column, cell += 3) {
      cell[0] = discs_[me] & bit(column, row) ? 1.0f : 0.0f;
      cell[1] = discs_[1 - me] & bit(column, row) ? 1.0f : 0.0f;
      cell[2] = me == 0 ? 1.0f : 0.0f;
    }
}

std::unique_ptr<State> ConnectFourState::clone() const {
  return std::make_unique<ConnectFourState>(*this);
}

void ConnectFourState::copy_from(const State& other) {
  *this = static_cast<const ConnectFourState&>(other);
}

float ConnectFourState::random_playout(Rng& rng, int player, int* plies) const {
  ConnectFourState state = *this;
  const auto width = static_cast<std::uint32_t>(game_->width());
  while (!state.is_terminal()) {
    Action column = static_cast<Action>(rng.below(width));
    while (!state.has_room(column)) column = static_cast<Action>(rng.below(width));
    state.apply(column);
  }
  if (plies) *plies += state.ply_ - ply_;
  return state.returns(player);
}

std::string ConnectFourState::to_string() const {
  std::string text;
  for (int row = game_->height() - 1; row >= 0; --row) {
    for (int column = 0; column < game_->width(); ++column) {
      const std::uint64_t here = bit(column, row);
      text += discs_[0] & here ? "X " : discs_[1] & here ? "O " : ". ";
    }
    text.back() = '\n';
  }
  for (int column = 1; column <= game_->width(); ++column) text += std::to_string(column) + ' ';
  text.back() = '\n';
  return text;
}

}  // namespace tengen::envs
