// One finished self-play game as it is stored: moves, search policies and values, result.
//
// A record holds no positions: they are made again by replaying the actions from the game's initial
// state. encode() writes a compact little-endian form (the shard compresses and checksums it).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "envs/game.hpp"

namespace tengen::selfplay {

/// One action's share of a search's policy target; an action not listed has probability 0.
struct PolicyEntry {
  envs::Action action = envs::kNoAction;
  float probability = 0;
  friend bool operator==(const PolicyEntry&, const PolicyEntry&) = default;
};

struct PlyRecord {
  envs::Action action = envs::kNoAction;  // the action played
  float root_value = 0;                   // search's value for the side to move, in [-1, 1]
  std::uint8_t player = 0;                // who moved: 0 or 1
  bool for_training = true;               // searched in full (false: fast search, no target)
  std::uint32_t policy_begin = 0;         // its entries in GameRecord::policy
  std::uint32_t policy_count = 0;
  friend bool operator==(const PlyRecord&, const PlyRecord&) = default;
};

enum class GameEnd : std::uint8_t {
  terminal,    // by the rules
  resigned,    // the side to move fell below the resign threshold
  adjudicated  // the search proved the result
};
std::string to_string(GameEnd end);

struct GameRecord {
  std::string game;            // Game::spec()
  std::uint64_t index = 0;     // number of the game in its run, from 0
  std::int32_t iteration = 0;  // whose net played it
  float result = 0;            // for player 0 (who moves first): 1, 0, -1
  GameEnd end = GameEnd::terminal;
  bool resign_disabled = true;  // played on whatever the values said: measures false positives
  std::vector<PlyRecord> plies;
  std::vector<PolicyEntry> policy;  // of all plies, in order

  std::span<const PolicyEntry> policy_of(const PlyRecord& ply) const {
    return std::span(policy).subspan(ply.policy_begin, ply.policy_count);
  }
  int training_positions() const;
  friend bool operator==(const GameRecord&, const GameRecord&) = default;
};

/// Bytes that decode() turns back into an equal record.
std::string encode(const GameRecord& record);
/// Throws Error if the bytes are not exactly one record.
GameRecord decode(std::string_view bytes);

/// The moves in the game's notation, separated by spaces.
std::string moves_text(const envs::Game& game, std::span<const envs::Action> actions);
/// Inverse of moves_text(). Throws Error on a word that is no action.
std::vector<envs::Action> parse_moves(const envs::Game& game, std::string_view text);

}  // namespace tengen::selfplay
