#include "envs/go/board.hpp"

#include <algorithm>
#include <bit>
#include <bitset>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "engine/base/hash.hpp"
#include "envs/go/handicap.hpp"
#include "envs/grid.hpp"

namespace tengen::envs::go {
namespace {

/// Pseudo-liberties of points without a stone: no coming and going beside them leads to 0.
constexpr std::uint16_t kFarFromZero = 0x4000;

int reciprocal(int x) { return (65535 + x) / x; }

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
  per_width_ = reciprocal(width);
  per_stride_ = reciprocal(stride());
  steps_ = {-stride(), -1, 1, stride(), 0};
  clear();
}

Board& Board::operator=(const Board& other) {
  width_ = other.width_;
  height_ = other.height_;
  per_width_ = other.per_width_;
  per_stride_ = other.per_stride_;
  steps_ = other.steps_;
  ko_point_ = other.ko_point_;
  hash_ = other.hash_;
  stones_ = other.stones_;
  num_empty_ = other.num_empty_;
  const auto points = static_cast<std::size_t>(num_points());
  std::copy_n(other.cells_.begin(), points, cells_.begin());
  std::copy_n(other.chains_.begin(), points, chains_.begin());
  std::copy_n(other.colors_.begin(), points, colors_.begin());
  std::copy_n(other.empty_.begin(), num_empty_, empty_.begin());
  return *this;
}

void Board::clear() {
  for (int i = 0; i < num_points(); ++i) {
    cells_[i] = {.around = Surroundings::empty(),
                 .head = static_cast<Point>(i),
                 .next = static_cast<Point>(i),
                 .empty_index = 0};
    chains_[i] = {.liberties = kFarFromZero, .stones = 0};
    colors_[i] = Color::kBorder;
  }
  num_empty_ = 0;
  for (int cell = 0; cell < area(); ++cell) {
    const Point p = point_of_cell(cell);
    colors_[p] = Color::kEmpty;
    cells_[p].empty_index = static_cast<std::uint16_t>(num_empty_);
    empty_[num_empty_++] = p;
  }
  for (const Point p : empty_points()) surround_with_border(p);
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
    if (colors[cell] != Color::kEmpty && chains_[cells_[p].head].liberties == 0) {
      clear();
      return false;
    }
  }
  return true;
}

void Board::surround_with_border(Point p) {
  const auto beside = neighbours(p), diagonal = diagonals(p);
  for (const Color color : {Color::kBlack, Color::kWhite})
    for (int d = 0; d < 4; ++d) {
      if (colors_[beside[d]] == Color::kBorder) cells_[p].around.toggle_beside(d, color);
      if (colors_[diagonal[d]] == Color::kBorder) cells_[p].around.toggle_diagonal(d, color);
    }
}

/// Tells the 8 neighbours of p that a stone came or went.
[[gnu::always_inline]] inline void Board::toggle(Point p, Color color) {
  const auto beside = neighbours(p), diagonal = diagonals(p);
  for (int d = 0; d < 4; ++d) {
    cells_[beside[d]].around.toggle_beside(3 - d, color);
    cells_[diagonal[d]].around.toggle_diagonal(3 - d, color);
  }
}

int Board::play(Point p, Color color) {
  // Twice, so that the colour is a constant in each.
  return color == Color::kBlack ? play_as(p, Color::kBlack) : play_as(p, Color::kWhite);
}

[[gnu::always_inline]] inline int Board::play_as(Point p, Color color) {
  DCHECK(colors_[p] == Color::kEmpty);
  ko_point_ = kNoPoint;
  const unsigned captured = place(p, color) & cells_[p].around.stones(opponent(color));
  const bool alive = chains_[cells_[p].head].liberties != 0;
  return captured == 0 && alive ? 0 : remove_dead(p, captured);
}

/// Removes the chains of the neighbours `captured` (bits by direction), or the one at p.
int Board::remove_dead(Point p, unsigned captured) {
  if (captured == 0) return remove_chain(p);
  const auto around = neighbours(p);
  int removed = 0;
  for (; captured != 0; captured &= captured - 1) {
    const Point n = around[std::countr_zero(captured)];
    if (colors_[n] != Color::kEmpty) removed += remove_chain(n);
  }
  // A lone stone with one empty neighbour, which it has just captured.
  const Chain& chain = chains_[cells_[p].head];
  if (removed == 1 && chain.stones == 1 && chain.liberties == 1) ko_point_ = empty_[num_empty_ - 1];
  return removed;
}

/// Puts a stone on p and joins it to its chain, without regard to captures. Returns which
/// neighbours' chains (bits by direction) it left without liberties; own ones may have got some
/// by joining.
[[gnu::always_inline]] inline unsigned Board::place(Point p, Color color) {
  Cell& cell = cells_[p];
  const Point last = empty_[--num_empty_];
  empty_[cell.empty_index] = last;
  cells_[last].empty_index = cell.empty_index;
  colors_[p] = color;
  ++stones_[static_cast<int>(color)];
  hash_ ^= zobrist(p, color);
  toggle(p, color);
  const auto around = neighbours(p);
  unsigned without_liberty = 0;
  for (int d = 0; d < 4; ++d) {
    const bool none = --chains_[cells_[around[d]].head].liberties == 0;
    without_liberty |= static_cast<unsigned>(none) << d;
  }
  join(p, color);
  return without_liberty;
}

/// Adds the new stone at p to the chain of one own neighbour, or of itself if it has none, and the
/// chains of the others to that.
[[gnu::always_inline]] inline void Board::join(Point p, Color color) {
  Cell& cell = cells_[p];
  constexpr unsigned kSelf = 1 << 4;  // a fifth direction, so that a lone stone needs no branch
  unsigned own = cell.around.stones(color) | kSelf;
  const auto first = static_cast<Point>(p + steps_[std::countr_zero(own)]);
  cell.head = cells_[first].head;
  cell.next = std::exchange(cells_[first].next, cell.next);
  chains_[p] = {.liberties = 0, .stones = 0};
  Chain& chain = chains_[cell.head];
  chain.liberties += static_cast<std::uint16_t>(cell.around.empty_neighbours());
  ++chain.stones;
  while ((own &= own - 1) & ~kSelf) {
    const Point other = cells_[p + steps_[std::countr_zero(own)]].head;
    if (other != cell.head) merge(cell.head, other);
  }
}

/// Makes one chain of two, given by their heads.
void Board::merge(Point a, Point b) {
  if (chains_[a].stones < chains_[b].stones) std::swap(a, b);
  Point stone = b;
  do {
    cells_[stone].head = a;
    stone = cells_[stone].next;
  } while (stone != b);
  std::swap(cells_[a].next, cells_[b].next);
  chains_[a].liberties += chains_[b].liberties;
  chains_[a].stones += chains_[b].stones;
}

int Board::remove_chain(Point p) {
  const Color color = colors_[p];
  const std::size_t before = num_empty_;
  Point stone = p;
  do {
    Cell& cell = cells_[stone];
    hash_ ^= zobrist(stone, color);
    colors_[stone] = Color::kEmpty;
    toggle(stone, color);
    cell.head = stone;
    chains_[stone].liberties = kFarFromZero;
    cell.empty_index = static_cast<std::uint16_t>(num_empty_);
    empty_[num_empty_++] = stone;
    for (const Point n : neighbours(stone)) ++chains_[cells_[n].head].liberties;
    stone = std::exchange(cell.next, stone);
  } while (stone != p);
  const int removed = static_cast<int>(num_empty_ - before);
  stones_[static_cast<int>(color)] -= removed;
  return removed;
}

unsigned Board::dying(Point p) const {
  const auto around = neighbours(p);
  std::array<Point, 4> heads;
  for (int d = 0; d < 4; ++d) heads[d] = cells_[around[d]].head;
  std::array<int, 4> touching = {1, 1, 1, 1};  // neighbours of the same chain
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < i; ++j) {
      const bool same = heads[i] == heads[j];
      touching[i] += same;
      touching[j] += same;
    }
  unsigned dying = 0;
  for (int d = 0; d < 4; ++d)
    dying |= static_cast<unsigned>(chains_[heads[d]].liberties == touching[d]) << d;
  return dying;
}

std::uint64_t Board::chain_hash(Point p) const {
  std::uint64_t hash = 0;
  Point stone = p;
  do {
    hash ^= zobrist(stone, colors_[p]);
    stone = cells_[stone].next;
  } while (stone != p);
  return hash;
}

/// Hash of the stones in the chains of p's neighbours `which` (bits by direction).
std::uint64_t Board::chains_hash(Point p, unsigned which) const {
  const auto around = neighbours(p);
  std::array<Point, 4> heads{};
  std::uint64_t hash = 0;
  for (int found = 0; which != 0; which &= which - 1, ++found) {
    const Point n = around[std::countr_zero(which)];
    heads[found] = cells_[n].head;
    if (std::find(heads.begin(), heads.begin() + found, heads[found]) == heads.begin() + found)
      hash ^= chain_hash(n);
  }
  return hash;
}

std::uint64_t Board::hash_after(Point p, Color color) const {
  const Surroundings around = cells_[p].around;
  const unsigned own = around.stones(color), theirs = around.stones(opponent(color));
  if (theirs == 0 && !around.is_enclosed()) return hash_ ^ zobrist(p, color);
  const unsigned dying = this->dying(p);
  const bool suicide = around.is_enclosed() && ((dying & theirs) | (own & ~dying)) == 0;
  if (suicide) return hash_ ^ chains_hash(p, own);  // the stone vanishes with its chains
  return hash_ ^ chains_hash(p, dying & theirs) ^ zobrist(p, color);
}

int Board::count_liberties(Point p) const {
  std::bitset<kMaxPoints> seen;
  Point stone = p;
  do {
    for (const Point n : neighbours(stone))
      if (colors_[n] == Color::kEmpty) seen.set(n);
    stone = cells_[stone].next;
  } while (stone != p);
  return static_cast<int>(seen.count());
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
