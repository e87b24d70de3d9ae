#include "envs/go/board.hpp"

#include <algorithm>
#include <bitset>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "engine/base/hash.hpp"
#include "envs/go/handicap.hpp"
#include "envs/grid.hpp"

namespace tengen::envs::go {
namespace {

constexpr int kMaxPoints = (kMaxSide + 1) * (kMaxSide + 2) + 1;

/// Far from 0, so that the border is never counted as out of liberties.
constexpr std::uint16_t kBorderLiberties = 0x4000;

constexpr auto kZobrist = [] {
  std::array<std::array<std::uint64_t, kMaxPoints>, 2> keys{};
  std::uint64_t x = 0x7e69656e;
  for (auto& color : keys)
    for (std::uint64_t& key : color) key = mix64(x += 0x9e3779b97f4a7c15ULL);
  return keys;
}();

std::uint64_t zobrist(Point p, Color color) { return kZobrist[player_of_color(color)][p]; }

}  // namespace

Board::Board(int width, int height) : width_(width), height_(height) {
  if (width < 1 || width > kMaxSide || height < 1 || height > kMaxSide)
    bad_argument("go::Board", "expected sides from 1 to 25, got {} x {}", width, height);
  cells_.resize(static_cast<std::size_t>((height + 2) * stride() + 1));
  empty_.resize(static_cast<std::size_t>(area()));
  clear();
}

void Board::clear() {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const auto p = static_cast<Point>(i);
    cells_[i] = {.color = Color::kBorder, .head = p, .next = p, .liberties = kBorderLiberties};
  }
  num_empty_ = 0;
  for (int row = 0; row < height_; ++row)
    for (int column = 0; column < width_; ++column) {
      Cell& cell = cells_[point(row, column)];
      cell.color = Color::kEmpty;
      cell.liberties = static_cast<std::uint16_t>((row > 0) + (row < height_ - 1) + (column > 0) +
                                                  (column < width_ - 1));
      cell.empty_index = static_cast<std::uint16_t>(num_empty_);
      empty_[num_empty_++] = point(row, column);
    }
  stones_ = {};
  hash_ = 0;
  ko_point_ = kNoPoint;
}

bool Board::set_stones(std::span<const Color> colors) {
  CHECK_INVARIANT(static_cast<int>(colors.size()) == area());
  clear();
  for (int cell = 0; cell < area(); ++cell)
    if (colors[cell] != Color::kEmpty) place(point_of_cell(cell), colors[cell]);
  for (int cell = 0; cell < area(); ++cell) {
    const Point p = point_of_cell(cell);
    if (colors[cell] != Color::kEmpty && cells_[cells_[p].head].liberties == 0) {
      clear();
      return false;
    }
  }
  return true;
}

int Board::play(Point p, Color color) {
  DCHECK(cells_[p].color == Color::kEmpty);
  ko_point_ = kNoPoint;
  place(p, color);
  int removed = 0;
  for (const Point n : neighbours(p))
    if (cells_[n].color == opponent(color) && cells_[cells_[n].head].liberties == 0)
      removed += remove_chain(n);
  const Cell& head = cells_[cells_[p].head];
  if (removed == 0) return head.liberties == 0 ? remove_chain(p) : 0;
  // A lone stone with one empty neighbour, which it has just captured.
  if (removed == 1 && head.stones == 1 && head.liberties == 1) ko_point_ = empty_[num_empty_ - 1];
  return removed;
}

void Board::place(Point p, Color color) {
  Cell& cell = cells_[p];
  const Point last = empty_[--num_empty_];
  empty_[cell.empty_index] = last;
  cells_[last].empty_index = cell.empty_index;
  cell.color = color;
  ++stones_[static_cast<int>(color)];
  hash_ ^= zobrist(p, color);
  const auto around = neighbours(p);
  for (const Point n : around) --cells_[cells_[n].head].liberties;
  for (const Point n : around)
    if (cells_[n].color == color && cells_[n].head != cell.head) connect(p, n);
}

void Board::connect(Point p, Point neighbour) {
  Point large = cells_[p].head, small = cells_[neighbour].head;
  if (cells_[large].stones < cells_[small].stones) std::swap(large, small);
  Point stone = small;
  do {
    cells_[stone].head = large;
    stone = cells_[stone].next;
  } while (stone != small);
  std::swap(cells_[large].next, cells_[small].next);
  cells_[large].liberties += cells_[small].liberties;
  cells_[large].stones += cells_[small].stones;
}

int Board::remove_chain(Point p) {
  const Color color = cells_[p].color;
  const std::size_t first = num_empty_;
  Point stone = p;
  do {
    Cell& cell = cells_[stone];
    const Point next = cell.next;
    hash_ ^= zobrist(stone, color);
    cell = {.color = Color::kEmpty,
            .head = stone,
            .next = stone,
            .empty_index = static_cast<std::uint16_t>(num_empty_)};
    empty_[num_empty_++] = stone;
    stone = next;
  } while (stone != p);
  // Two passes: only now do all of them count each other as empty neighbours.
  for (std::size_t i = first; i < num_empty_; ++i)
    for (const Point n : neighbours(empty_[i])) ++cells_[cells_[n].head].liberties;
  const int removed = static_cast<int>(num_empty_ - first);
  stones_[static_cast<int>(color)] -= removed;
  return removed;
}

bool Board::loses_last_liberty(Point chain_stone, const std::array<Point, 4>& around) const {
  const Point head = cells_[chain_stone].head;
  int touching = 0;
  for (const Point n : around) touching += cells_[n].head == head;
  return cells_[head].liberties == touching;
}

bool Board::captures_or_connects(Point p, Color color) const {
  const auto around = neighbours(p);
  for (const Point n : around) {
    const Color other = cells_[n].color;
    if (other == Color::kBorder || other == Color::kEmpty) continue;
    if (loses_last_liberty(n, around) == (other != color)) return true;
  }
  return false;
}

std::uint64_t Board::chain_hash(Point p) const {
  std::uint64_t hash = 0;
  Point stone = p;
  do {
    hash ^= zobrist(stone, cells_[p].color);
    stone = cells_[stone].next;
  } while (stone != p);
  return hash;
}

std::uint64_t Board::hash_after(Point p, Color color) const {
  const auto around = neighbours(p);
  std::uint64_t captured = 0, own = 0;
  bool captures = false, lives = cells_[p].liberties != 0;
  for (int i = 0; i < 4; ++i) {
    const Cell& cell = cells_[around[i]];
    if (cell.color == Color::kEmpty || cell.color == Color::kBorder) continue;
    bool counted = false;
    for (int j = 0; j < i; ++j) counted |= cells_[around[j]].head == cell.head;
    if (counted) continue;
    const bool dies = loses_last_liberty(around[i], around);
    if (cell.color == color) {
      lives |= !dies;
      if (!lives) own ^= chain_hash(around[i]);
    } else if (dies) {
      captures = true;
      captured ^= chain_hash(around[i]);
    }
  }
  if (captures || lives) return hash_ ^ captured ^ zobrist(p, color);
  return hash_ ^ own;  // suicide: the stone and its chains vanish
}

int Board::count_liberties(Point p) const {
  std::bitset<kMaxPoints> seen;
  Point stone = p;
  do {
    for (const Point n : neighbours(stone))
      if (cells_[n].color == Color::kEmpty) seen.set(n);
    stone = cells_[stone].next;
  } while (stone != p);
  return static_cast<int>(seen.count());
}

bool Board::is_simple_eye(Point p, Color color) const {
  if (cells_[p].liberties != 0) return false;
  const Color other = opponent(color);
  for (const Point n : neighbours(p))
    if (cells_[n].color == other) return false;
  int borders = 0, others = 0;
  const int s = stride();
  for (const int diagonal : {-s - 1, -s + 1, s - 1, s + 1}) {
    const Color c = cells_[p + diagonal].color;
    borders += c == Color::kBorder;
    others += c == other;
  }
  return others + (borders > 0) < 2;
}

std::string Board::to_string(Point last_move) const {
  std::vector<bool> star(static_cast<std::size_t>(area()));
  if (const int most = max_fixed_handicap(width_, height_))
    for (const Action cell : fixed_handicap(width_, height_, most)) star[cell] = true;
  std::string letters = "   ";
  for (int column = 0; column < width_; ++column) letters += {' ', column_letter(column)};
  letters += '\n';
  std::string text = letters;
  for (int row = 0; row < height_; ++row) {
    std::string line = fmt::format(" {:2}", height_ - row);
    char gap = ' ';
    for (int column = 0; column < width_; ++column) {
      const Point p = point(row, column);
      const bool last = p == last_move;
      line += last ? '(' : gap;
      gap = last ? ')' : ' ';
      const Color c = color(p);
      const char empty = star[row * width_ + column] ? '+' : '.';
      line += c == Color::kBlack ? 'X' : c == Color::kWhite ? 'O' : empty;
    }
    text += line + gap + std::to_string(height_ - row) + '\n';
  }
  return text + letters;
}

}  // namespace tengen::envs::go
