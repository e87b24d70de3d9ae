#include "envs/rl/pixels/asterix.hpp"

#include <algorithm>

namespace tengen::envs::rl {
namespace {

constexpr int kSpawnInterval = 10, kMoveInterval = 5, kHarderInterval = 100;  // steps
constexpr std::uint32_t kThingsPerTreasure = 3;

}  // namespace

void Asterix::reset(NumpyRandom&) {
  things_ = {};
  player_ = {5, 5};
  time_ = 0;
}

int Asterix::interval(int first) const { return std::max(1, first - time_ / kHarderInterval); }

void Asterix::add_thing(NumpyRandom& random) {
  const auto free = std::ranges::count(things_, false, &Thing::present);
  if (free == 0) return;
  auto skip = random.integers(static_cast<std::uint32_t>(free));
  Thing* thing = things_.data();
  while (thing->present || skip-- > 0) ++thing;
  const bool from_left = random.integers(2) == 0;
  thing->present = true;
  thing->is_treasure = random.integers(kThingsPerTreasure) == 0;
  thing->right = from_left ? 1 : -1;
  thing->column = from_left ? 0 : kScreenSide - 1;
}

void Asterix::move_things() {
  for (Thing& thing : things_) {
    thing.column += thing.right;
    if (thing.column < 0 || thing.column >= kScreenSide) thing.present = false;
  }
}

Outcome Asterix::touch() {
  const int row = player_.row - kFirstRow;
  if (row < 0 || row >= kRows) return {};
  Thing& thing = things_[row];
  if (!thing.present || thing.column != player_.column) return {};
  thing.present = false;
  return {thing.is_treasure ? 1.0 : 0.0, !thing.is_treasure};
}

Outcome Asterix::step(std::span<const float> action, NumpyRandom& random) {
  constexpr Cell kMoves[] = {{0, 0}, {0, -1}, {0, 1}, {-1, 0}, {1, 0}};
  const Cell move = kMoves[static_cast<int>(action[0])];
  const Cell next = {player_.row + move.row, player_.column + move.column};
  if (next.on_screen()) player_ = next;
  const Outcome walked = touch();
  if (walked.terminated) return walked;

  ++time_;
  if (time_ % interval(kMoveInterval) == 0) move_things();
  if (time_ % interval(kSpawnInterval) == 0) add_thing(random);
  const Outcome met = touch();
  return {walked.reward + met.reward, met.terminated};
}

void Asterix::observe(std::span<float> out) const {
  Screen screen(out, 4);
  screen.draw(0, player_);
  for (int i = 0; i < kRows; ++i) {
    const Thing& thing = things_[i];
    if (!thing.present) continue;
    const int row = kFirstRow + i;
    screen.draw(thing.is_treasure ? 3 : 1, {row, thing.column});
    screen.draw(2, {row, thing.column - thing.right});
  }
}

}  // namespace tengen::envs::rl
