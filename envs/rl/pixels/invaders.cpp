#include "envs/rl/pixels/invaders.hpp"

#include <algorithm>
#include <bit>

namespace tengen::envs::rl {
namespace {

constexpr int kBottom = kScreenSide - 1;
constexpr int kWaveRows = 4;
constexpr std::uint16_t kWaveColumns = 0b0011111100;
constexpr int kSlowest = 12, kFastest = 6, kShotInterval = 5, kBombInterval = 10;  // steps
constexpr std::uint16_t kLeftEdge = 1, kRightEdge = 1 << (kScreenSide - 1);

std::uint16_t bit(int column) { return static_cast<std::uint16_t>(1 << column); }

template <typename Bits>
std::uint16_t any_row(const Bits& rows) {
  std::uint16_t any = 0;
  for (const std::uint16_t row : rows) any |= row;
  return any;
}

/// The bottom row falls off.
template <typename Bits>
void move_down(Bits& rows) {
  std::copy_backward(rows.begin(), rows.end() - 1, rows.end());
  rows.front() = 0;
}

/// The top row flies off.
template <typename Bits>
void move_up(Bits& rows) {
  std::copy(rows.begin() + 1, rows.end(), rows.begin());
  rows.back() = 0;
}

}  // namespace

void Invaders::reset(NumpyRandom& random) {
  cannon_ = static_cast<int>(random.integers(kScreenSide));
  bullets_ = bombs_ = {};
  wave_ = 0;
  until_bomb_ = kBombInterval;
  until_shot_ = 0;
  begin_wave();
}

void Invaders::begin_wave() {
  aliens_ = {};
  std::fill_n(aliens_.begin(), kWaveRows, kWaveColumns);
  moves_right_ = false;
  until_move_ = std::max(kFastest, kSlowest - wave_);
}

int Invaders::aliens_left() const {
  int count = 0;
  for (const std::uint16_t row : aliens_) count += std::popcount(row);
  return count;
}

void Invaders::act(int action) {
  until_shot_ = std::max(0, until_shot_ - 1);
  if (action == 1) cannon_ = std::max(0, cannon_ - 1);
  if (action == 2) cannon_ = std::min(kScreenSide - 1, cannon_ + 1);
  if (action == 3 && until_shot_ == 0) {
    bullets_[kBottom] |= bit(cannon_);  // and on to the row above within this step
    until_shot_ = kShotInterval;
  }
}

int Invaders::hit_aliens() {
  int count = 0;
  for (int row = 0; row < kScreenSide; ++row) {
    const auto hit = static_cast<std::uint16_t>(aliens_[row] & bullets_[row]);
    count += std::popcount(hit);
    aliens_[row] ^= hit;
    bullets_[row] ^= hit;
  }
  return count;
}

void Invaders::move_aliens() {
  if (--until_move_ > 0) return;
  if (any_row(aliens_) & (moves_right_ ? kRightEdge : kLeftEdge)) {
    move_down(aliens_);
    moves_right_ = !moves_right_;
  } else {
    for (std::uint16_t& row : aliens_)
      row = static_cast<std::uint16_t>(moves_right_ ? row << 1 : row >> 1);
  }
  until_move_ = std::min(std::max(kFastest, kSlowest - wave_), aliens_left());
}

void Invaders::drop_bomb(NumpyRandom& random) {
  if (--until_bomb_ > 0) return;
  until_bomb_ = kBombInterval;
  const std::uint16_t columns = any_row(aliens_);
  if (columns == 0) return;
  auto skip = random.integers(static_cast<std::uint32_t>(std::popcount(columns)));
  int column = 0;
  while (!(columns & bit(column)) || skip-- > 0) ++column;
  int row = kBottom;
  while (!(aliens_[row] & bit(column))) --row;
  bombs_[std::min(row + 1, kBottom)] |= bit(column);
}

Outcome Invaders::step(std::span<const float> action, NumpyRandom& random) {
  act(static_cast<int>(action[0]));
  move_up(bullets_);
  int hits = hit_aliens();
  move_down(bombs_);
  drop_bomb(random);
  move_aliens();
  hits += hit_aliens();
  const bool over = (bombs_[kBottom] & bit(cannon_)) != 0 || aliens_[kBottom] != 0;
  if (!over && aliens_left() == 0) {
    ++wave_;
    begin_wave();
  }
  return {static_cast<double>(hits), over};
}

void Invaders::observe(std::span<float> out) const {
  Screen screen(out, 6);
  screen.draw(0, {kBottom, cannon_});
  for (int row = 0; row < kScreenSide; ++row)
    for (int column = 0; column < kScreenSide; ++column) {
      const Cell cell{row, column};
      if (aliens_[row] & bit(column)) {
        screen.draw(1, cell);
        screen.draw(moves_right_ ? 3 : 2, cell);
      }
      if (bullets_[row] & bit(column)) screen.draw(4, cell);
      if (bombs_[row] & bit(column)) screen.draw(5, cell);
    }
}

}  // namespace tengen::envs::rl
