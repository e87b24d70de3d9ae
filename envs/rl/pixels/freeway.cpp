#include "envs/rl/pixels/freeway.hpp"

#include <algorithm>

namespace tengen::envs::rl {
namespace {

constexpr int kBottom = kScreenSide - 1, kPlayerColumn = 4, kWalkInterval = 3;
constexpr std::uint32_t kSpeeds = 5;

int wrapped(int column) { return (column + kScreenSide) % kScreenSide; }

}  // namespace

void Freeway::reset(NumpyRandom& random) {
  for (Car& car : cars_) car.column = static_cast<int>(random.integers(kScreenSide));
  draw_speeds(random);
  player_ = kBottom;
  until_walk_ = 0;
}

void Freeway::draw_speeds(NumpyRandom& random) {
  for (Car& car : cars_) {
    car.right = random.integers(2) == 0 ? 1 : -1;
    car.interval = car.until_move = 1 + static_cast<int>(random.integers(kSpeeds));
  }
}

void Freeway::move_cars() {
  for (Car& car : cars_) {
    if (--car.until_move > 0) continue;
    car.column = wrapped(car.column + car.right);
    car.until_move = car.interval;
  }
}

void Freeway::touch() {
  const int row = player_ - kFirstRow;
  if (row >= 0 && row < kRows && cars_[row].column == kPlayerColumn) player_ = kBottom;
}

Outcome Freeway::step(std::span<const float> action, NumpyRandom& random) {
  constexpr int kMoves[] = {0, -1, 1};
  const int move = kMoves[static_cast<int>(action[0])];
  until_walk_ = std::max(0, until_walk_ - 1);
  if (move != 0 && until_walk_ == 0) {
    player_ = std::min(player_ + move, kBottom);
    until_walk_ = kWalkInterval;
  }
  double reward = 0;
  if (player_ == 0) {
    reward = 1;
    player_ = kBottom;
    draw_speeds(random);
  }
  touch();
  move_cars();
  touch();
  return {reward, false};
}

void Freeway::observe(std::span<float> out) const {
  Screen screen(out, 7);
  screen.draw(0, {player_, kPlayerColumn});
  for (int i = 0; i < kRows; ++i) {
    const Car& car = cars_[i];
    screen.draw(1, {kFirstRow + i, car.column});
    screen.draw(1 + car.interval, {kFirstRow + i, wrapped(car.column - car.right)});
  }
}

}  // namespace tengen::envs::rl
