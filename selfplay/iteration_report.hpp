// What one iteration of training did, for people and for the metrics table.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "selfplay/rating.hpp"
#include "selfplay/trainer.hpp"

namespace tengen::selfplay {

struct IterationReport {
  int iteration = 0, iterations = 0;  // this one, and the last that the config allows
  int games = 0;                      // of this iteration
  std::uint64_t positions = 0;        // for training, of this iteration
  double mean_plies = 0;
  double first_player_score = 0.5;  // share of the points
  int resigned = 0;
  double resign_threshold = -2;       // of the games of this iteration; -2: nobody resigned
  double resign_false_positives = 0;  // measured share of wrong resignations at that threshold
  double games_per_second = 0, positions_per_second = 0, evaluations_per_second = 0;
  double self_play_seconds = 0, train_seconds = 0, evaluation_seconds = 0;
  std::size_t window = 0;      // positions
  int train_steps = 0;         // of this iteration
  Losses losses;               // means over the iteration's steps
  std::optional<Tally> match;  // against the reference, if one was played
  int reference = 0;           // its checkpoint
  bool promoted = true;        // plays the next iteration (always, without gating)
  std::optional<double> elo;   // above the untrained net, from the matches so far
  double elapsed_seconds = 0;  // of this call of train()
};

/// "iteration 12/200  loss 1.412 (policy 1.203 value 0.209)  256 games  41.0 games/s  ...".
std::string summary_line(const IterationReport& report);

/// Rows for the metrics table.
std::vector<std::pair<std::string, double>> metrics_of(const IterationReport& report);

}  // namespace tengen::selfplay
