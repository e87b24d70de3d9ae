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
  std::uint64_t fours = 0;
  for (const int shift : {1, stride - 1, stride, stride + 1}) {
    const std::uint64_t pairs = discs & (discs >> shift);
    fours |= pairs & (pairs >> (2 * shift));
  }
  return fours != 0;
}

/// The position of a random game, from the side of the player to move.
struct Discs {
  std::uint64_t mover, other;
};

/// Plays random moves until a line or `left` plies have been played; then `other` made the last
/// one. Returns the plies that were left. The board's measures are constants, for the shifts.
template <int kStride>
int play_at_random(Discs& discs, const ConnectFourGame& game, int left, Rng& rng) {
  SmallDraws draws(rng);
  const auto width = static_cast<std::uint32_t>(game.width());
  const auto columns = game.columns();
  do {
    // Adding the bottom row carries past the discs of a column to its lowest free cell.
    const std::uint64_t landing = (discs.mover | discs.other) + game.bottom_row();
    std::uint64_t disc;
    do {
      disc = landing & columns[draws.below(width)];
    } while (disc == 0);
    discs = {.mover = discs.other, .other = discs.mover | disc};
    --left;
  } while (left > 0 && !has_four(discs.other, kStride));
  return left;
}

}  // namespace

ConnectFourGame::ConnectFourGame(int width, int height) : width_(width), height_(height) {
  if (width < 4 || width > 8 || height < kMinHeight || height > kMaxHeight)
    bad_argument("connect_four", "expected width 4 to 8 and height 4 to 7, got {} x {}", width,
                 height);
  for (int column = 0; column < width; ++column) {
    const int shift = column * (height + 1);
    columns_[column] = ((std::uint64_t{1} << height) - 1) << shift;
    bottom_row_ |= std::uint64_t{1} << shift;
  }
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
  if (is_terminal()) return returns(player);
  static_assert(ConnectFourGame::kMinHeight == 4 && ConnectFourGame::kMaxHeight == 7);
  constexpr int (*kPlayByHeight[])(Discs&, const ConnectFourGame&, int, Rng&) = {
      play_at_random<5>, play_at_random<6>, play_at_random<7>, play_at_random<8>};
  Discs discs{.mover = discs_[current_player()], .other = discs_[1 - current_player()]};
  const int left = kPlayByHeight[game_->height() - ConnectFourGame::kMinHeight](
      discs, *game_, game_->max_plies() - ply_, rng);
  const int end = game_->max_plies() - left;
  if (plies) *plies += end - ply_;
  const bool player_moved_last = end % 2 != player;
  return !has_four(discs.other, stride()) ? 0.0f : player_moved_last ? 1.0f : -1.0f;
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
