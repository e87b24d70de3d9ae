#include "envs/gomoku/gomoku.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "engine/base/spec.hpp"

namespace tengen::envs {
namespace {

/// Stones of `player` that follow one another from a cell, itself not counted.
int count(const Grid& grid, const Stones& stones, int player, int cell, int down, int right) {
  int row = cell / grid.width + down, column = cell % grid.width + right, found = 0;
  while (row >= 0 && row < grid.height && column >= 0 && column < grid.width &&
         stones.belongs_to(player, row * grid.width + column)) {
    ++found;
    row += down;
    column += right;
  }
  return found;
}

/// Whether the stone of `player` on `cell` is part of a row that wins.
bool wins(const GomokuGame& game, const Stones& stones, int player, int cell) {
  constexpr std::pair<int, int> kDirections[] = {{0, 1}, {1, 0}, {1, 1}, {1, -1}};
  for (const auto& [down, right] : kDirections) {
    const int row = 1 + count(game.grid(), stones, player, cell, down, right) +
                    count(game.grid(), stones, player, cell, -down, -right);
    if (game.rules().exact ? row == game.rules().line : row >= game.rules().line) return true;
  }
  return false;
}

}  // namespace

GomokuGame::GomokuGame(const GomokuRules& rules) : rules_(rules), grid_{rules.size, rules.size} {
  if (rules.size < 3 || rules.size > 19 || rules.line < 3 || rules.line > rules.size)
    bad_argument("gomoku", "expected size 3 to 19 and line 3 to size, got {} and {}", rules.size,
                 rules.line);
}

std::shared_ptr<const Game> gomoku_from_spec(Spec& spec) {
  GomokuRules rules;
  rules.size = spec.get_int("size", rules.size, 3, 19);
  rules.line = spec.get_int("line", std::min(rules.line, rules.size), 3, rules.size);
  rules.exact = spec.get_bool("exact", rules.exact);
  return std::make_shared<GomokuGame>(rules);
}

std::string GomokuGame::spec() const {
  return fmt::format("gomoku:size={},line={},exact={}", rules_.size, rules_.line, rules_.exact);
}

std::unique_ptr<State> GomokuGame::new_initial_state() const {
  return std::make_unique<GomokuState>(*this);
}

int GomokuGame::transform_cell(int symmetry, int cell) const {
  return grid_.transform(symmetry, cell);
}

Action GomokuGame::transform_action(int symmetry, Action action) const {
  return grid_.transform(symmetry, action);
}

std::string GomokuGame::action_to_string(Action action) const {
  return cell_to_string(grid_, action);
}

std::optional<Action> GomokuGame::parse_action(std::string_view text) const {
  return parse_cell(grid_, text);
}

GomokuState::GomokuState(const GomokuGame& game) : game_(&game), stones_(game.grid().cells()) {
  moves_.reserve(static_cast<std::size_t>(game.max_plies()));
}

float GomokuState::returns(int player) const {
  if (!won_) return 0;
  return player == current_player() ? -1.0f : 1.0f;
}

void GomokuState::legal_actions(std::vector<Action>& out) const {
  out.clear();
  if (is_terminal()) return;
  for (Action cell = 0; cell < stones_.cells(); ++cell)
    if (stones_.is_empty(cell)) out.push_back(cell);
}

bool GomokuState::is_legal(Action action) const {
  return action >= 0 && action < stones_.cells() && stones_.is_empty(action) && !is_terminal();
}

void GomokuState::apply(Action action) {
  DCHECK(is_legal(action));
  const int player = current_player();
  stones_.place(player, action);
  moves_.push_back(static_cast<std::int16_t>(action));
  won_ = wins(*game_, stones_, player, action);
}

void GomokuState::undo() {
  CHECK_INVARIANT(!moves_.empty());
  stones_.remove(moves_.back());
  moves_.pop_back();
  won_ = false;
}

void GomokuState::write_observation(std::span<float> out) const {
  stones_.write_planes(current_player(), out);
}

std::unique_ptr<State> GomokuState::clone() const { return std::make_unique<GomokuState>(*this); }

void GomokuState::copy_from(const State& other) { *this = static_cast<const GomokuState&>(other); }

float GomokuState::random_playout(Rng& rng, int player, int* plies) const {
  if (is_terminal()) return returns(player);
  SmallDraws draws(rng);
  Stones stones = stones_;
  std::vector<Action> left;
  legal_actions(left);
  int mover = current_player(), played = 0;
  bool won = false;
  for (; !left.empty() && !won; mover = 1 - mover, ++played) {
    std::swap(left[draws.below(static_cast<std::uint32_t>(left.size()))], left.back());
    stones.place(mover, left.back());
    won = wins(*game_, stones, mover, left.back());
    left.pop_back();
  }
  if (plies) *plies += played;
  return !won ? 0.0f : mover == player ? -1.0f : 1.0f;
}

std::string GomokuState::to_string() const {
  const Grid& grid = game_->grid();
  std::string text;
  for (int row = 0; row < grid.height; ++row) {
    text += fmt::format("{:2}", grid.height - row);
    for (int column = 0; column < grid.width; ++column)
      text += {' ', stones_.symbol(row * grid.width + column)};
    text += '\n';
  }
  text += "  ";
  for (int column = 0; column < grid.width; ++column) text += {' ', column_letter(column)};
  return text + '\n';
}

}  // namespace tengen::envs
