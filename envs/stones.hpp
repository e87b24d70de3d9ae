// The stones of games in which two players in turn fill the cells of a board.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/base/hash.hpp"

namespace tengen::envs {

class Stones {
 public:
  explicit Stones(int cells) : owners_(static_cast<std::size_t>(cells), kNobody) {}

  int cells() const { return static_cast<int>(owners_.size()); }
  bool is_empty(int cell) const { return owner(cell) == kNobody; }
  bool belongs_to(int player, int cell) const { return owner(cell) == player; }
  /// Of the stones alone, not of the side to move; kept up to date.
  std::uint64_t key() const { return key_; }

  void place(int player, int cell) {
    DCHECK(is_empty(cell));
    owners_[static_cast<std::size_t>(cell)] = static_cast<std::int8_t>(player);
    key_ ^= stone_key(player, cell);
  }
  void remove(int cell) {
    key_ ^= stone_key(owner(cell), cell);
    owners_[static_cast<std::size_t>(cell)] = kNobody;
  }

  /// Observation planes [cells, 3]: those of `player`, the other's, ones if `player` is 0.
  void write_planes(int player, std::span<float> out) const {
    for (int cell = 0; cell < cells(); ++cell) {
      float* planes = &out[static_cast<std::size_t>(cell) * 3];
      planes[0] = belongs_to(player, cell) ? 1.0f : 0.0f;
      planes[1] = belongs_to(1 - player, cell) ? 1.0f : 0.0f;
      planes[2] = player == 0 ? 1.0f : 0.0f;
    }
  }

  /// As boards are drawn: X is player 0.
  char symbol(int cell) const { return is_empty(cell) ? '.' : belongs_to(0, cell) ? 'X' : 'O'; }

 private:
  static constexpr std::int8_t kNobody = -1;

  int owner(int cell) const { return owners_[static_cast<std::size_t>(cell)]; }
  static std::uint64_t stone_key(int player, int cell) {
    return mix64(static_cast<std::uint64_t>(2 * cell + player + 1));
  }

  std::vector<std::int8_t> owners_;  // 0, 1 or kNobody
  std::uint64_t key_ = 0;
};

}  // namespace tengen::envs
