// The positions that training samples from: the last N of self-play, decoded once, kept compactly.
//
// A game is replayed once when it is added. Observations whose values are all 0 or 1 are kept as
// bits (1/32 of the floats), others as floats; policies stay sparse. Sampling is
// uniform with replacement; each sample may be seen under a random symmetry of its game, which is
// applied to observation, policy and ownership alike.
//
// Who owns the cells of a game of Go comes from replaying it, too: all of them are known if its
// moves end it by its rules, short of the limit of plies (GoState::owners()); if it was resigned,
// adjudicated or cut off, those that are pass-alive by then, as nothing can change them. Records
// hold nothing of it, so those of older runs teach it as well.
//
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/tensor/tensor.hpp"
#include "selfplay/game_record.hpp"

namespace tengen::selfplay {

struct TrainingBatch {
  Tensor observations;  // [N, H, W, C]
  Tensor policy;        // [N, A], rows of sum 1
  Tensor value;         // [N], from the side to move
  Tensor ownership;     // [N, H, W]: 1 the side to move's in the end, -1 the opponent's, 0 nobody's
  Tensor owner_known;   // [N, H, W]: 1 where that is known, else 0, as `ownership` is then
};

class ReplayWindow {
 public:
  ReplayWindow(std::shared_ptr<const envs::Game> game, std::size_t capacity);

  /// Adds the training positions of a game; the oldest positions beyond the capacity leave. Throws
  /// Error if the record is of another game or contains an illegal move.
  void add(const GameRecord& record);
  void set_capacity(std::size_t positions);

  std::size_t size() const { return positions_.size(); }
  std::size_t capacity() const { return capacity_; }
  std::size_t bytes() const;

  /// Fills `batch`, (re)allocating its tensors if their shape is not that of `batch_size` samples.
  /// The value target is (1 - q_mix) * outcome + q_mix * root value. The window must not be empty.
  void sample(int batch_size, bool random_symmetry, double q_mix, Rng& rng,
              TrainingBatch& batch) const;

  /// One position under one symmetry, as sample() writes it. `observation` [H, W, C], `policy` [A].
  void write_position(std::size_t index, int symmetry, std::span<float> observation,
                      std::span<float> policy) const;
  /// The same for `ownership` and `known`, both [H, W].
  void write_ownership(std::size_t index, int symmetry, std::span<float> ownership,
                       std::span<float> known) const;

 private:
  /// By cell: 1 player 0's, -1 player 1's, 0 nobody's, or not known.
  using Owners = std::vector<std::optional<std::int8_t>>;
  struct Position {
    std::vector<std::uint64_t> bits;  // of the observation; empty if it is not binary
    std::vector<float> values;        // the observation, if it is not binary
    std::vector<PolicyEntry> policy;
    float outcome = 0, root_value = 0;     // for the side to move
    int player = 0;                        // to move
    std::shared_ptr<const Owners> owners;  // of the whole game; null: none is known
  };
  static Position pack(std::span<const float> observation);
  std::shared_ptr<const Owners> owners_after(const envs::State& end) const;
  void trim();

  const std::shared_ptr<const envs::Game> game_;
  std::size_t capacity_;
  std::deque<Position> positions_;
  std::vector<std::vector<int>> cell_map_;             // [symmetry][cell]
  std::vector<std::vector<envs::Action>> action_map_;  // [symmetry][action]
};

}  // namespace tengen::selfplay
