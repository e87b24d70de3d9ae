// A match between two nets, batched: each thread plays many games at once and evaluates the leaves
// of all games in which a net is to move together (self-play's driver, twice). Much faster than
// play_match() for the matches that training plays; same pairing of openings and colours.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "mcts/config.hpp"
#include "nets/inference/inference_plan.hpp"
#include "selfplay/ply_estimate.hpp"
#include "selfplay/rating.hpp"

namespace tengen::envs {
class Game;
}

namespace tengen::selfplay {

struct NetMatchConfig {
  std::shared_ptr<const envs::Game> game;
  int games = 40;
  int simulations = 64;       // visits of the root per move
  mcts::SearchConfig search;  // root and Gumbel noise are ignored
  int opening_plies = 2;
  int threads = 1;
  int games_per_thread = 32;
  std::uint64_t seed = 1;
};

/// Moves after the opening are the most visited ones. Returns the tally of `a`. `on_progress` (may
/// be empty) is called from the calling thread, several times a second. Returns early when *stop
/// becomes true (may be null): the tally then covers fewer games.
Tally play_net_match(const NetMatchConfig& config,
                     const std::shared_ptr<const nets::InferencePlan>& a,
                     const std::shared_ptr<const nets::InferencePlan>& b,
                     const std::function<void(const GamesSoFar&)>& on_progress = {},
                     const std::atomic<bool>* stop = nullptr);

}  // namespace tengen::selfplay
