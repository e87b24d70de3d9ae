// Go as slow and plain as it can be, written from the rules alone: boards are copied, chains found
// by flood fill, every earlier board is kept and compared. The oracle for envs/go.
#pragma once

#include <algorithm>
#include <set>
#include <vector>

#include "envs/go/rules.hpp"

namespace tengen::test {

class SlowGo {
 public:
  using Stones = std::vector<char>;  // '.', 'X', 'O' by row * width + column

  explicit SlowGo(const envs::go::Rules& rules);

  int to_move() const { return to_move_; }
  const Stones& stones() const { return stones_; }
  /// Stones that `player` has captured, and the opponent's suicides.
  int prisoners(int player) const { return prisoners_[player]; }
  bool over() const;
  /// `action` width * height is a pass.
  bool is_legal(int action) const;
  void play(int action);
  /// Black's area less White's, without komi.
  int area_score(envs::go::Tax tax = envs::go::Tax::kNone) const;

 private:
  struct Position {
    Stones stones;
    int to_move;
  };
  struct Outcome {
    Stones stones;
    int captured = 0, own_removed = 0;
  };

  const std::vector<int>& adjacent(int cell) const { return adjacent_[cell]; }
  std::vector<int> connected(const Stones& stones, int cell) const;
  bool touches(const Stones& stones, const std::vector<int>& cells, char what) const;
  int remove_dead(Stones& stones, int cell) const;
  std::vector<std::vector<int>> sets_of(const Stones& stones) const;
  bool is_dame_or_atari(const std::vector<int>& set) const;
  int taxed_area(envs::go::Tax tax, char own) const;
  Outcome outcome(int cell) const;
  bool repeats(const Outcome& outcome) const;

  envs::go::Rules rules_;
  std::vector<std::vector<int>> adjacent_;  // by cell
  Stones stones_;
  int to_move_ = 0;
  int prisoners_[2] = {0, 0};
  std::vector<Position> history_;  // before each action
  std::vector<int> actions_;
};

inline SlowGo::SlowGo(const envs::go::Rules& rules)
    : rules_(rules), stones_(static_cast<std::size_t>(rules.area()), '.') {
  for (int cell = 0; cell < rules_.area(); ++cell) {
    const int row = cell / rules_.width, column = cell % rules_.width;
    std::vector<int>& cells = adjacent_.emplace_back();
    if (row > 0) cells.push_back(cell - rules_.width);
    if (row + 1 < rules_.height) cells.push_back(cell + rules_.width);
    if (column > 0) cells.push_back(cell - 1);
    if (column + 1 < rules_.width) cells.push_back(cell + 1);
  }
}

inline bool SlowGo::over() const {
  const std::size_t n = actions_.size();
  const int pass = rules_.width * rules_.height;
  if (static_cast<int>(n) >= rules_.max_plies) return true;
  return n >= 2 && actions_[n - 1] == pass && actions_[n - 2] == pass;
}

inline std::vector<int> SlowGo::connected(const Stones& stones, int cell) const {
  std::vector<int> cells = {cell};
  std::vector<bool> found(stones.size());
  found[cell] = true;
  for (std::size_t i = 0; i < cells.size(); ++i)
    for (const int n : adjacent(cells[i])) {
      if (stones[n] != stones[cell] || found[n]) continue;
      found[n] = true;
      cells.push_back(n);
    }
  return cells;
}

inline bool SlowGo::touches(const Stones& stones, const std::vector<int>& cells, char what) const {
  for (const int cell : cells)
    for (const int n : adjacent(cell))
      if (stones[n] == what) return true;
  return false;
}

inline int SlowGo::remove_dead(Stones& stones, int cell) const {
  const std::vector<int> chain = connected(stones, cell);
  if (touches(stones, chain, '.')) return 0;
  for (const int stone : chain) stones[stone] = '.';
  return static_cast<int>(chain.size());
}

inline SlowGo::Outcome SlowGo::outcome(int cell) const {
  Outcome result{stones_};
  const char own = to_move_ == 0 ? 'X' : 'O', other = to_move_ == 0 ? 'O' : 'X';
  result.stones[cell] = own;
  for (const int n : adjacent(cell))
    if (result.stones[n] == other) result.captured += remove_dead(result.stones, n);
  result.own_removed = remove_dead(result.stones, cell);
  return result;
}

inline bool SlowGo::repeats(const Outcome& outcome) const {
  if (rules_.ko == envs::go::KoRule::kSimple) {
    // A capture may not bring back the board that the opponent's last move found.
    if (actions_.empty() || actions_.back() == rules_.width * rules_.height) return false;
    return outcome.captured > 0 && outcome.stones == history_.back().stones;
  }
  const int next = 1 - to_move_;
  const auto equals = [&](const Stones& stones, int to_move) {
    return outcome.stones == stones &&
           (rules_.ko == envs::go::KoRule::kPositional || to_move == next);
  };
  if (equals(stones_, to_move_)) return true;
  return std::any_of(history_.begin(), history_.end(),
                     [&](const Position& p) { return equals(p.stones, p.to_move); });
}

inline bool SlowGo::is_legal(int action) const {
  if (over()) return false;
  if (action == rules_.width * rules_.height) return true;
  if (stones_[action] != '.') return false;
  const Outcome result = outcome(action);
  if (result.own_removed > 0 && !rules_.suicide) return false;
  return !repeats(result);
}

inline void SlowGo::play(int action) {
  history_.push_back({stones_, to_move_});
  actions_.push_back(action);
  if (action != rules_.width * rules_.height) {
    Outcome result = outcome(action);
    prisoners_[to_move_] += result.captured;
    prisoners_[1 - to_move_] += result.own_removed;
    stones_ = std::move(result.stones);
  }
  to_move_ = 1 - to_move_;
}

/// The connected sets of one character each.
inline std::vector<std::vector<int>> SlowGo::sets_of(const Stones& stones) const {
  std::vector<std::vector<int>> sets;
  std::vector<bool> seen(stones.size());
  for (int cell = 0; cell < static_cast<int>(stones.size()); ++cell) {
    if (seen[cell]) continue;
    sets.push_back(connected(stones, cell));
    for (const int each : sets.back()) seen[each] = true;
  }
  return sets;
}

/// Whether the set is of empty points that both colours touch, or a chain with a single liberty.
inline bool SlowGo::is_dame_or_atari(const std::vector<int>& set) const {
  if (stones_[set[0]] == '.') return touches(stones_, set, 'X') && touches(stones_, set, 'O');
  std::set<int> liberties;
  for (const int stone : set)
    for (const int n : adjacent(stone))
      if (stones_[n] == '.') liberties.insert(n);
  return liberties.size() == 1;
}

/// The area of `own` to the letter of KataGo's rules: its stones, and the empty points of its
/// independent life regions, less two points each.
inline int SlowGo::taxed_area(envs::go::Tax tax, char own) const {
  Stones merged = stones_;  // one character for all that is not the opponent's
  std::replace(merged.begin(), merged.end(), '.', own);
  const std::vector<std::vector<int>> sets = sets_of(stones_);
  int score = static_cast<int>(std::count(stones_.begin(), stones_.end(), own));
  for (const std::vector<int>& region : sets_of(merged)) {
    if (merged[region[0]] != own) continue;
    int stones = 0;
    bool independent = true;
    for (const int cell : region) stones += stones_[cell] == own;
    for (const std::vector<int>& set : sets)
      if (std::count(region.begin(), region.end(), set[0]) > 0 && is_dame_or_atari(set))
        independent = false;
    if (stones == 0 || !independent) continue;
    score += static_cast<int>(region.size()) - stones - (tax == envs::go::Tax::kAll ? 2 : 0);
  }
  return score;
}

inline int SlowGo::area_score(envs::go::Tax tax) const {
  if (tax != envs::go::Tax::kNone) return taxed_area(tax, 'X') - taxed_area(tax, 'O');
  int score = 0;
  for (int cell = 0; cell < static_cast<int>(stones_.size()); ++cell) {
    const std::vector<int> region = connected(stones_, cell);
    const bool black =
        stones_[cell] == 'X' || (stones_[cell] == '.' && touches(stones_, region, 'X'));
    const bool white =
        stones_[cell] == 'O' || (stones_[cell] == '.' && touches(stones_, region, 'O'));
    score += black - white;
  }
  return score;
}

}  // namespace tengen::test
