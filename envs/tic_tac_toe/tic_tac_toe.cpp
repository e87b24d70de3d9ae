#include "envs/tic_tac_toe/tic_tac_toe.hpp"

#include <array>
#include <utility>

#include "engine/base/check.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/random.hpp"

namespace tengen::envs {
namespace {

constexpr Grid kGrid{3, 3};
constexpr unsigned kLines[] = {0007, 0070, 0700, 0111, 0222, 0444, 0421, 0124};

/// By set of marks.
constexpr auto kHasLine = [] {
  std::array<bool, 512> table{};
  for (unsigned marks = 0; marks < 512; ++marks)
    for (const unsigned line : kLines) table[marks] |= (marks & line) == line;
  return table;
}();

/// By set of cells: the mark of each of its cells, in increasing order.
constexpr auto kMembers = [] {
  std::array<std::array<std::uint16_t, 9>, 512> table{};
  for (unsigned set = 0; set < 512; ++set)
    for (int cell = 0, i = 0; cell < 9; ++cell)
      if (set >> cell & 1) table[set][i++] = static_cast<std::uint16_t>(1u << cell);
  return table;
}();

}  // namespace

std::unique_ptr<State> TicTacToeGame::new_initial_state() const {
  return std::make_unique<TicTacToeState>(*this);
}

int TicTacToeGame::transform_cell(int symmetry, int cell) const {
  return kGrid.transform(symmetry, cell);
}

Action TicTacToeGame::transform_action(int symmetry, Action action) const {
  return kGrid.transform(symmetry, action);
}

std::string TicTacToeGame::action_to_string(Action action) const {
  return cell_to_lower_string(kGrid, action);
}

std::optional<Action> TicTacToeGame::parse_action(std::string_view text) const {
  return parse_cell(kGrid, text);
}

bool TicTacToeState::is_terminal() const {
  return ply_ == 9 || kHasLine[marks_[0]] || kHasLine[marks_[1]];
}

float TicTacToeState::returns(int player) const {
  if (kHasLine[marks_[player]]) return 1;
  return kHasLine[marks_[1 - player]] ? -1 : 0;
}

void TicTacToeState::legal_actions(std::vector<Action>& out) const {
  out.clear();
  if (is_terminal()) return;
  for (Action cell = 0; cell < 9; ++cell)
    if (empty_cells() >> cell & 1) out.push_back(cell);
}

bool TicTacToeState::is_legal(Action action) const {
  return action >= 0 && action < 9 && (empty_cells() >> action & 1) && !is_terminal();
}

void TicTacToeState::apply(Action action) {
  DCHECK(is_legal(action));
  marks_[current_player()] |= static_cast<std::uint16_t>(1u << action);
  moves_[ply_++] = static_cast<std::int8_t>(action);
}

void TicTacToeState::undo() {
  CHECK_INVARIANT(ply_ > 0);
  const int cell = moves_[--ply_];
  marks_[current_player()] &= static_cast<std::uint16_t>(~(1u << cell));
}

std::uint64_t TicTacToeState::key() const { return hash_combine(marks_[0], marks_[1]); }

void TicTacToeState::write_observation(std::span<float> out) const {
  const int me = current_player();
  for (int cell = 0; cell < 9; ++cell) {
    out[cell * 3] = static_cast<float>(marks_[me] >> cell & 1);
    out[cell * 3 + 1] = static_cast<float>(marks_[1 - me] >> cell & 1);
    out[cell * 3 + 2] = me == 0 ? 1.0f : 0.0f;
  }
}

std::unique_ptr<State> TicTacToeState::clone() const {
  return std::make_unique<TicTacToeState>(*this);
}

void TicTacToeState::copy_from(const State& other) {
  *this = static_cast<const TicTacToeState&>(other);
}

float TicTacToeState::random_playout(Rng& rng, int player, int* plies) const {
  if (is_terminal()) return returns(player);
  SmallDraws draws(rng);
  unsigned mover = marks_[current_player()], other = marks_[1 - current_player()];
  int left = 9 - ply_;
  do {
    mover |= kMembers[0x1ffu & ~(mover | other)][draws.below(static_cast<std::uint32_t>(left))];
    --left;
    std::swap(mover, other);
  } while (left > 0 && !kHasLine[other]);
  if (plies) *plies += 9 - left - ply_;
  const bool player_moved_last = (9 - left) % 2 != player;
  return !kHasLine[other] ? 0.0f : player_moved_last ? 1.0f : -1.0f;
}

std::string TicTacToeState::to_string() const {
  std::string text;
  for (int row = 0; row < 3; ++row) {
    text += std::to_string(3 - row);
    for (int column = 0; column < 3; ++column) {
      const int cell = row * 3 + column;
      text += marks_[0] >> cell & 1 ? " X" : marks_[1] >> cell & 1 ? " O" : " .";
    }
    text += '\n';
  }
  return text + "  a b c\n";
}

}  // namespace tengen::envs
