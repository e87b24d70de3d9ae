// Every knob of AlphaZero training, declared once: name, meaning, default, bounds.
//
// config_fields() is that one table: the command line, the TOML file, run.db and validation are all
// made from it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "selfplay/config_field.hpp"
#include "selfplay/resign.hpp"
#include "selfplay/run_directory.hpp"
#include "selfplay/self_play.hpp"
#include "selfplay/trainer.hpp"

namespace tengen::selfplay {

struct AlphaZeroConfig {
  AlphaZeroConfig();  // sets those defaults that differ from the parts' own

  std::string game = "go:size=5";
  std::string net =
      "resnet:blocks=4,channels=32,policy_channels=8,value_channels=4,value_hidden=64";
  std::uint64_t seed = 1;

  int iterations = 1000;  // of the run in all, earlier calls included
  double minutes = 60;    // of this call
  int threads = 0;        // 0: one per logical CPU
  std::string precision = "auto";

  std::string search = "puct";  // how searches choose, in self-play and evaluation
  SelfPlayConfig self_play;
  int games_per_iteration = 256;
  ResignConfig resign;

  int replay_min = 20000;   // positions; the window is replay_fraction of all positions so far,
  int replay_max = 500000;  // within these two
  double replay_fraction = 0.5;
  double samples_per_position = 6;  // how often training sees each new position, on average
  int batch = 256;
  bool augment = true;       // train under random symmetries
  double value_q_mix = 0.5;  // share of the root value in the value target
  TrainerConfig trainer;
  double weight_average = 0.995;  // decay a step of the moving average that plays; 0: none

  int evaluate_every = 5;  // iterations; 0: never
  int evaluation_games = 40;
  int evaluation_simulations = 64;
  int evaluation_opening_plies = 2;
  bool gating = false;
  double gate_threshold = 0.55;
};

/// Every knob; the fields point into `config`.
std::vector<ConfigField> config_fields(AlphaZeroConfig& config);

/// Throws std::invalid_argument that names the first bad knob and what it may be. Makes the game to
/// check its spec; the net's spec is checked with canonical_net_spec.
void validate(const AlphaZeroConfig& config);

/// The search of the run: self_play.search with the choice made by name.
mcts::SearchConfig search_config(const AlphaZeroConfig& config);

/// Name -> value of every knob, as run.db keeps it; `game` and `net` in canonical form.
std::map<std::string, std::string> to_map(const AlphaZeroConfig& config);
/// Inverse; absent knobs keep their default. Throws Error on an unknown name or a bad value.
AlphaZeroConfig config_from_map(const std::map<std::string, std::string>& values);
/// The config of a run of `tengen train`. Throws Error if it is another command's.
AlphaZeroConfig alpha_zero_config_of(const RunDirectory& run);

}  // namespace tengen::selfplay
