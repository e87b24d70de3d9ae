#include "envs/othello/othello.hpp"

#include <array>
#include <bit>
#include <utility>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/random.hpp"
#include "engine/base/spec.hpp"

namespace tengen::envs {
namespace {

/// Towards higher cells by `shift`, or lower ones if it is negative.
std::uint64_t shifted(std::uint64_t set, int shift) {
  return shift > 0 ? set << shift : set >> -shift;
}

std::uint64_t bit(int cell) { return std::uint64_t{1} << cell; }

/// The set's lowest member but `skip`.
std::uint64_t member(std::uint64_t set, std::uint32_t skip) {
  for (; skip > 0; --skip) set &= set - 1;
  return set & -set;
}

float sign_of(int difference) { return static_cast<float>((difference > 0) - (difference < 0)); }

}  // namespace

OthelloGame::OthelloGame(int size) : grid_{size, size} {
  if (size != 4 && size != 6 && size != 8)
    bad_argument("othello", "expected size 4, 6 or 8, got {}", size);
  for (int cell = 0; cell < grid_.cells(); ++cell) {
    const int column = cell % size;
    all_ |= bit(cell);
    if (column > 0 && column < size - 1) inner_columns_ |= bit(cell);
  }
}

std::shared_ptr<const Game> othello_from_spec(Spec& spec) {
  return std::make_shared<OthelloGame>(spec.get_int("size", 8, 4, 8));
}

std::uint64_t OthelloGame::moves(std::uint64_t mover, std::uint64_t other) const {
  std::uint64_t moves = 0;
  for (const int shift : {1, size() - 1, size(), size() + 1}) {
    // No line goes on over the edge of a row.
    const std::uint64_t between = shift == size() ? other : other & inner_columns_;
    for (const int step : {shift, -shift}) {
      std::uint64_t line = between & shifted(mover, step);
      for (int i = 3; i < size(); ++i) line |= between & shifted(line, step);
      moves |= shifted(line, step);
    }
  }
  return moves & all_ & ~(mover | other);
}

std::uint64_t OthelloGame::turned(std::uint64_t mover, std::uint64_t other,
                                  std::uint64_t disc) const {
  std::uint64_t turned = 0;
  for (const int shift : {1, size() - 1, size(), size() + 1}) {
    const std::uint64_t between = shift == size() ? other : other & inner_columns_;
    for (const int step : {shift, -shift}) {
      std::uint64_t line = between & shifted(disc, step);
      for (int i = 3; i < size(); ++i) line |= between & shifted(line, step);
      if (shifted(line, step) & mover) turned |= line;
    }
  }
  return turned;
}

std::string OthelloGame::spec() const {
  return size() == 8 ? "othello" : fmt::format("othello:size={}", size());
}

std::unique_ptr<State> OthelloGame::new_initial_state() const {
  return std::make_unique<OthelloState>(*this);
}

int OthelloGame::transform_cell(int symmetry, int cell) const {
  constexpr std::array kOfGrid{0, 3, 4, 7};  // half a turn, and the mirrors in both diagonals
  return grid_.transform(kOfGrid[static_cast<std::size_t>(symmetry)], cell);
}

Action OthelloGame::transform_action(int symmetry, Action action) const {
  return action == pass_action() ? action : transform_cell(symmetry, action);
}

std::string OthelloGame::action_to_string(Action action) const {
  return action == pass_action() ? "pass" : cell_to_lower_string(grid_, action);
}

std::optional<Action> OthelloGame::parse_action(std::string_view text) const {
  if (is_pass(text)) return pass_action();
  return parse_cell(grid_, text);
}

OthelloState::OthelloState(const OthelloGame& game) : game_(&game) {
  const int size = game.size(), low = size / 2 - 1, high = size / 2;
  discs_[0] = bit(low * size + low) | bit(high * size + high);
  discs_[1] = bit(low * size + high) | bit(high * size + low);
  history_.reserve(static_cast<std::size_t>(game.max_plies()));
  find_moves();
}

void OthelloState::find_moves() {
  moves_ = game_->moves(mine(), theirs());
  over_ = moves_ == 0 && game_->moves(theirs(), mine()) == 0;
}

int OthelloState::discs(int player) const { return std::popcount(discs_[player]); }

float OthelloState::returns(int player) const { return sign_of(discs(player) - discs(1 - player)); }

void OthelloState::legal_actions(std::vector<Action>& out) const {
  out.clear();
  if (over_) return;
  for (std::uint64_t left = moves_; left != 0; left &= left - 1)
    out.push_back(std::countr_zero(left));
  if (out.empty()) out.push_back(game_->pass_action());
}

bool OthelloState::is_legal(Action action) const {
  if (over_ || action < 0 || action > game_->pass_action()) return false;
  return action == game_->pass_action() ? moves_ == 0 : (moves_ & bit(action)) != 0;
}

void OthelloState::apply(Action action) {
  DCHECK(is_legal(action));
  Ply ply;
  if (action != game_->pass_action()) {
    ply.disc = bit(action);
    ply.turned = game_->turned(mine(), theirs(), ply.disc);
  }
  discs_[current_player()] |= ply.disc | ply.turned;
  discs_[1 - current_player()] &= ~ply.turned;
  history_.push_back(ply);
  find_moves();
}

void OthelloState::undo() {
  CHECK_INVARIANT(!history_.empty());
  const Ply last = history_.back();
  history_.pop_back();
  discs_[current_player()] &= ~(last.disc | last.turned);
  discs_[1 - current_player()] |= last.turned;
  find_moves();
}

std::uint64_t OthelloState::key() const {
  return hash_combine(hash_combine(discs_[0], discs_[1]),
                      static_cast<std::uint64_t>(current_player()));
}

std::uint64_t OthelloState::observation_key() const { return hash_combine(mine(), theirs()); }

void OthelloState::write_observation(std::span<float> out) const {
  const std::uint64_t planes[] = {mine(), theirs(), moves_};
  float* value = out.data();
  for (int cell = 0; cell < game_->pass_action(); ++cell)
    for (const std::uint64_t plane : planes) *value++ = plane & bit(cell) ? 1.0f : 0.0f;
}

std::unique_ptr<State> OthelloState::clone() const { return std::make_unique<OthelloState>(*this); }

void OthelloState::copy_from(const State& other) {
  *this = static_cast<const OthelloState&>(other);
}

float OthelloState::random_playout(Rng& rng, int player, int* plies) const {
  SmallDraws draws(rng);
  std::uint64_t mover = mine(), other = theirs();
  int played = 0;
  for (int passes = 0; passes < 2; ++played) {
    const std::uint64_t moves = game_->moves(mover, other);
    passes = moves == 0 ? passes + 1 : 0;
    if (moves != 0) {
      const auto count = static_cast<std::uint32_t>(std::popcount(moves));
      const std::uint64_t disc = member(moves, draws.below(count));
      const std::uint64_t turned = game_->turned(mover, other, disc);
      mover |= disc | turned;
      other &= ~turned;
    }
    std::swap(mover, other);
  }
  if (plies) *plies += played - 2;  // the passes at which the game was over
  const bool players_turn = (ply() + played) % 2 == player;
  const int lead = std::popcount(mover) - std::popcount(other);
  return sign_of(players_turn ? lead : -lead);
}

std::string OthelloState::to_string() const {
  const int size = game_->size();
  std::string text;
  for (int row = 0; row < size; ++row) {
    text += std::to_string(size - row);
    for (int column = 0; column < size; ++column) {
      const std::uint64_t here = bit(row * size + column);
      text += discs_[0] & here ? " X" : discs_[1] & here ? " O" : " .";
    }
    text += '\n';
  }
  return text + std::string("  a b c d e f g h", 1 + 2 * static_cast<std::size_t>(size)) + "\n";
}

}  // namespace tengen::envs
