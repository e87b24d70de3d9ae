// Self-play: many games at once on several threads, all with one net.
//
// Each thread owns `games_per_thread` games with a search tree each, walks all trees in turn, and
// evaluates their leaves as one batch with one single-threaded net stream (mcts::BatchedSearch).
// Game number i draws everything random from Rng(seed).split(i), so its contents do not depend on
// which thread plays it, beyond the last bits that the net's results owe to the size of the batch.
// Sources: AlphaZero (Silver et al. 2018); playout cap randomisation: KataGo (Wu 2019,
// section 3.1).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "mcts/config.hpp"
#include "nets/inference/inference_plan.hpp"
#include "selfplay/game_record.hpp"

namespace tengen::selfplay {

struct SelfPlayConfig {
  int simulations = 64;        // of a full search
  double full_fraction = 1.0;  // share of moves searched in full, with noise, and trained on
  int fast_simulations = 16;   // of the others
  mcts::SearchConfig search;   // noise_fraction and gumbel_scale: of full searches only
  int temperature_plies = 12;  // moves drawn with `temperature`; later ones with final_temperature
  double temperature = 1.0;    // exponent 1 / temperature on the visits; not where Gumbel draws
  double final_temperature = 0.1;
  bool reuse_tree = true;           // keep the subtree of the move played
  bool adjudicate_proven = true;    // end a game as soon as its root is proven
  bool random_symmetry = true;      // each position is evaluated under a random symmetry
  int games_per_thread = 32;        // = largest batch
  int cache_mb = 32;                // evaluation cache of each thread; 0: none
  double resign_threshold = -2;     // root value below which the side to move resigns; -2: never
  double played_on_fraction = 0.1;  // games that ignore the threshold (resign.hpp)
};

/// Which games to play.
struct SelfPlayJob {
  std::shared_ptr<const envs::Game> game;
  std::shared_ptr<const nets::InferencePlan> plan;
  int iteration = 0;
  std::uint64_t seed = 1;
  std::span<const std::uint64_t> indices;  // global numbers of the games
  int threads = 1;
};

struct SelfPlayStats {
  std::uint64_t plies = 0, evaluations = 0;  // of all games, unfinished ones too
  double seconds = 0;
  // Where the workers' time goes, summed over them.
  std::uint64_t net_evaluations = 0;  // without those that the cache answered
  double net_seconds = 0;             // inside the net: InferencePlan::evaluate
  double worker_seconds = 0;          // all: net, tree, board, features, records
};

/// What the calling thread does while the workers play; either may be empty.
struct SelfPlayCallbacks {
  /// Games that have ended since the last call, in the order of their ends.
  std::function<void(std::vector<GameRecord>&& finished)> on_games;
  /// Several times a second.
  std::function<void(const SelfPlayStats& so_far)> on_progress;
};

/// Plays the job's games. Returns early, dropping unfinished games, when *stop becomes true (may be
/// null). An exception of a worker or of a callback ends all workers and is thrown on.
SelfPlayStats play_games(const SelfPlayConfig& config, const SelfPlayJob& job,
                         const SelfPlayCallbacks& callbacks,
                         const std::atomic<bool>* stop = nullptr);

}  // namespace tengen::selfplay
