#include "envs/hex/hex.hpp"

#include <array>
#include <bitset>
#include <cctype>
#include <charconv>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/random.hpp"
#include "engine/base/spec.hpp"

namespace tengen::envs {
namespace {

constexpr int kMaxSize = 19;
constexpr std::string_view kSwap = "swap-pieces";

/// A player's stones, as far as they have been reached from some of them.
class Chain {
 public:
  Chain(const Stones& stones, int size, int player)
      : stones_(stones), size_(size), player_(player) {}

  /// Adds the cell's chain, if it has a stone of the player that is not reached yet.
  void reach(int row, int column) {
    visit(row, column);
    while (waiting_ > 0) {
      const int cell = todo_[--waiting_], r = cell / size_, c = cell % size_;
      visit(r, c - 1);
      visit(r, c + 1);
      visit(r - 1, c);
      visit(r - 1, c + 1);
      visit(r + 1, c);
      visit(r + 1, c - 1);
    }
  }

  /// Both edges of the player are reached.
  bool joins_edges() const { return first_edge_ && last_edge_; }
  bool reaches_last_edge() const { return last_edge_; }

 private:
  void visit(int row, int column) {
    if (row < 0 || row >= size_ || column < 0 || column >= size_) return;
    const int cell = row * size_ + column;
    if (!stones_.belongs_to(player_, cell) || seen_[static_cast<std::size_t>(cell)]) return;
    seen_.set(static_cast<std::size_t>(cell));
    todo_[waiting_++] = static_cast<std::int16_t>(cell);
    const int along = player_ == 0 ? row : column;
    first_edge_ |= along == 0;
    last_edge_ |= along == size_ - 1;
  }

  const Stones& stones_;
  int size_, player_;
  std::bitset<kMaxSize * kMaxSize> seen_;
  std::array<std::int16_t, kMaxSize * kMaxSize> todo_;
  int waiting_ = 0;
  bool first_edge_ = false, last_edge_ = false;
};

/// Of a full board.
int winner(const Stones& stones, int size) {
  Chain chain(stones, size, 0);
  for (int column = 0; column < size; ++column) chain.reach(0, column);
  return chain.reaches_last_edge() ? 0 : 1;
}

}  // namespace

HexGame::HexGame(int size, bool swap) : size_(size), swap_(swap) {
  if (size < 2 || size > kMaxSize)
    bad_argument("hex", "expected size 2 to {}, got {}", kMaxSize, size);
}

std::shared_ptr<const Game> hex_from_spec(Spec& spec) {
  const int size = spec.get_int("size", 11, 2, kMaxSize);
  return std::make_shared<HexGame>(size, spec.get_bool("swap", true));
}

std::string HexGame::spec() const { return fmt::format("hex:size={},swap={}", size_, swap_); }

std::unique_ptr<State> HexGame::new_initial_state() const {
  return std::make_unique<HexState>(*this);
}

int HexGame::transform_cell(int symmetry, int cell) const {
  return symmetry == 0 ? cell : cells() - 1 - cell;
}

Action HexGame::transform_action(int symmetry, Action action) const {
  return action == swap_action() ? action : transform_cell(symmetry, action);
}

std::string HexGame::action_to_string(Action action) const {
  if (action == swap_action()) return std::string(kSwap);
  return static_cast<char>('a' + action % size_) + std::to_string(action / size_ + 1);
}

std::optional<Action> HexGame::parse_action(std::string_view text) const {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (swap_ && lower == kSwap) return swap_action();
  if (lower.size() < 2 || lower[0] < 'a' || lower[0] >= 'a' + size_) return std::nullopt;
  int row = 0;
  const char* last = lower.data() + lower.size();
  const auto [end, error] = std::from_chars(lower.data() + 1, last, row);
  if (error != std::errc() || end != last || row < 1 || row > size_) return std::nullopt;
  return (row - 1) * size_ + (lower[0] - 'a');
}

HexState::HexState(const HexGame& game) : game_(&game), stones_(game.cells()) {
  moves_.reserve(static_cast<std::size_t>(game.max_plies()));
}

float HexState::returns(int player) const {
  if (!won_) return 0;
  return player == current_player() ? -1.0f : 1.0f;
}

void HexState::legal_actions(std::vector<Action>& out) const {
  out.clear();
  if (won_) return;
  for (Action cell = 0; cell < stones_.cells(); ++cell)
    if (stones_.is_empty(cell)) out.push_back(cell);
  if (can_swap()) out.push_back(game_->swap_action());
}

bool HexState::is_legal(Action action) const {
  if (won_ || action < 0 || action > stones_.cells()) return false;
  return action == game_->swap_action() ? can_swap() : stones_.is_empty(action);
}

void HexState::apply(Action action) {
  DCHECK(is_legal(action));
  const int player = current_player();
  if (action == game_->swap_action()) {
    stones_.remove(moves_[0]);
    stones_.place(1, game_->mirrored(moves_[0]));
  } else {
    stones_.place(player, action);
    Chain chain(stones_, game_->size(), player);
    chain.reach(action / game_->size(), action % game_->size());
    won_ = chain.joins_edges();
  }
  moves_.push_back(static_cast<std::int16_t>(action));
}

void HexState::undo() {
  CHECK_INVARIANT(!moves_.empty());
  if (moves_.back() == game_->swap_action()) {
    stones_.remove(game_->mirrored(moves_[0]));
    stones_.place(0, moves_[0]);
  } else {
    stones_.remove(moves_.back());
  }
  moves_.pop_back();
  won_ = false;
}

/// After a swap the same stones stand with the other side to move.
std::uint64_t HexState::key() const {
  return hash_combine(stones_.key(), static_cast<std::uint64_t>(current_player()));
}

void HexState::write_observation(std::span<float> out) const {
  stones_.write_planes(current_player(), out);
}

std::unique_ptr<State> HexState::clone() const { return std::make_unique<HexState>(*this); }

void HexState::copy_from(const State& other) { *this = static_cast<const HexState&>(other); }

float HexState::random_playout(Rng& rng, int player, int* plies) const {
  if (won_) return returns(player);
  std::vector<Action> left;
  legal_actions(left);
  if (can_swap()) {
    HexState next(*this);
    next.apply(left[rng.below(static_cast<std::uint32_t>(left.size()))]);
    if (plies) ++*plies;
    return next.random_playout(rng, player, plies);
  }
  rng.shuffle(std::span(left));
  Stones stones = stones_;
  int mover = current_player();
  for (const Action cell : left) {
    stones.place(mover, cell);
    mover = 1 - mover;
  }
  if (plies) *plies += static_cast<int>(left.size());
  return winner(stones, game_->size()) == player ? 1.0f : -1.0f;
}

std::string HexState::to_string() const {
  const int size = game_->size();
  std::string text = " ";
  for (int column = 0; column < size; ++column) text += {' ', static_cast<char>('a' + column)};
  text += '\n';
  for (int row = 0; row < size; ++row) {
    text += std::string(static_cast<std::size_t>(row), ' ') + fmt::format("{:2}", row + 1);
    for (int column = 0; column < size; ++column)
      text += {' ', stones_.symbol(row * size + column)};
    text += '\n';
  }
  return text;
}

}  // namespace tengen::envs
