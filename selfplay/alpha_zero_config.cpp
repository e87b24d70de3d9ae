#include "selfplay/alpha_zero_config.hpp"

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "envs/go/go_game.hpp"
#include "envs/registry.hpp"
#include "nets/inference/inference_plan.hpp"
#include "nets/policy_value_net.hpp"
#include "selfplay/run_kind.hpp"

namespace tengen::selfplay {

namespace {

constexpr double kMany = 2e9;

std::vector<ConfigField> run_fields(AlphaZeroConfig& c) {
  return {
      {"game", "run", "game to learn; cannot change within a run", &c.game},
      {"net", "run", "architecture; cannot change within a run", &c.net},
      {"seed", "run", "root of all randomness", &c.seed, 0, 9e18},
      {"iterations", "run", "iterations of the run in all, earlier calls included", &c.iterations,
       0, kMany},
      {"minutes", "run", "time limit of this call; no iteration begins that would end later",
       &c.minutes, 0, 1e6},
      {"threads", "run", "threads of every phase; 0: one per logical CPU", &c.threads, 0, 1024},
      {"precision", "run",
       "of self-play's net: fp32, bf16, int8 or auto (bf16 where the CPU has it)", &c.precision},
  };
}

std::vector<ConfigField> self_play_fields(AlphaZeroConfig& c) {
  SelfPlayConfig& s = c.self_play;
  return {
      {"games_per_iteration", "self-play", "games between two checkpoints", &c.games_per_iteration,
       1, 1e6},
      {"games_per_thread", "self-play", "games that a thread plays at once (its largest batch)",
       &s.games_per_thread, 1, 4096},
      {"simulations", "self-play", "visits of the root in a full search", &s.simulations, 1, 1e6},
      {"full_fraction", "self-play",
       "share of moves searched in full, with noise, and trained on (playout cap randomisation)",
       &s.full_fraction, 0.01, 1},
      {"fast_simulations", "self-play", "visits of the root in the other moves' searches",
       &s.fast_simulations, 1, 1e6},
      {"temperature_plies", "self-play", "first moves of a game, drawn with `temperature`",
       &s.temperature_plies, 0, 1e6},
      {"temperature", "self-play", "moves are drawn from visits^(1/temperature)", &s.temperature, 0,
       10},
      {"final_temperature", "self-play", "the same for later moves; 0: the most visited",
       &s.final_temperature, 0, 10},
      {"reuse_tree", "self-play", "keep the search tree below the move played", &s.reuse_tree},
      {"adjudicate_proven", "self-play", "end a game once its result is proven by the search",
       &s.adjudicate_proven},
      {"random_symmetry", "self-play", "evaluate positions under a random symmetry of the board",
       &s.random_symmetry},
      {"cache_mb", "self-play", "evaluation cache of each thread in MiB; 0: none", &s.cache_mb, 0,
       65536},
      {"resign", "self-play", "let hopeless games be resigned", &c.resign.enabled},
      {"resign_max", "self-play", "root value above which nobody ever resigns",
       &c.resign.max_threshold, -1, 0},
      {"resign_played_on", "self-play", "share of games without resigning, to measure its mistakes",
       &c.resign.played_on_fraction, 0.01, 1},
      {"resign_false_positives", "self-play", "largest share of resignations that may be wrong",
       &c.resign.target_false_positives, 0, 1},
      {"resign_min_measured", "self-play", "games measured before the first resignation",
       &c.resign.min_measured, 1, 1e6},
      {"resign_window", "self-play", "games over which mistakes are measured", &c.resign.window, 1,
       1e6},
  };
}

std::vector<ConfigField> search_fields(AlphaZeroConfig& c) {
  mcts::SearchConfig& s = c.self_play.search;
  return {
      {"search", "search",
       "puct, or gumbel (Gumbel AlphaZero: improves on the net with few simulations)", &c.search},
      {"gumbel_actions", "search", "gumbel: root moves that sequential halving starts with",
       &s.gumbel_actions, 1, 65535},
      {"gumbel_scale", "search", "gumbel: weight of the noise in full searches; 0: none",
       &s.gumbel_scale, 0, 10},
      {"gumbel_c_visit", "search", "gumbel: (c_visit + most visits) c_scale weighs values",
       &s.gumbel_c_visit, 0, 1e6},
      {"gumbel_c_scale", "search", "gumbel: see gumbel_c_visit", &s.gumbel_c_scale, 0, 1000},
      {"c_puct", "search", "exploration constant of PUCT", &s.c_puct_init, 0, 100},
      {"c_puct_base", "search", "visits at which exploration starts to grow", &s.c_puct_base, 1,
       1e9},
      {"fpu_reduction", "search", "value of an unvisited move: the parent's, less this x sqrt(P)",
       &s.fpu_reduction, -2, 2},
      {"fpu_root_reduction", "search", "the same at the root", &s.fpu_root_reduction, -2, 2},
      {"fpu_absolute", "search", "instead: unvisited moves have the values of the next two",
       &s.fpu_absolute},
      {"fpu_value", "search", "of an unvisited move, with fpu_absolute; -1: a loss", &s.fpu_value,
       -2, 2},
      {"fpu_root_value", "search", "the same at the root", &s.fpu_root_value, -2, 2},
      {"noise_fraction", "search", "share of Dirichlet noise in the root's priors",
       &s.noise_fraction, 0, 1},
      {"noise_alpha", "search", "its alpha; 0: 10.83 / number of legal moves", &s.noise_alpha, 0,
       100},
      {"solver", "search", "propagate proven wins, losses and draws", &s.use_solver},
  };
}

std::vector<ConfigField> training_fields(AlphaZeroConfig& c) {
  TrainerConfig& t = c.trainer;
  return {
      {"replay_min", "training", "positions: smallest size of the replay window", &c.replay_min, 1,
       kMany},
      {"replay_max", "training", "positions: largest size of the replay window", &c.replay_max, 1,
       kMany},
      {"replay_fraction", "training", "window size as a share of all positions so far",
       &c.replay_fraction, 0.001, 1},
      {"samples_per_position", "training", "how often training sees each new position on average",
       &c.samples_per_position, 0.01, 1000},
      {"batch", "training", "positions per step", &c.batch, 1, 65536},
      {"augment", "training", "train under random symmetries of the board", &c.augment},
      {"value_q_mix", "training", "share of the search's value in the value target; rest: result",
       &c.value_q_mix, 0, 1},
      {"optimizer", "training", "sgd or adam", &t.optimizer},
      {"train_precision", "training",
       "of training's convolutions: fp32, bf16 or auto (bf16 where the CPU has it)", &t.precision},
      {"learning_rate", "training", "after the warm-up", &t.learning_rate, 1e-9, 10},
      {"momentum", "training", "of sgd", &t.momentum, 0, 0.9999},
      {"warmup_steps", "training", "steps of linear warm-up", &t.warmup_steps, 0, kMany},
      {"decay_steps", "training", "steps of the cosine to final_learning_rate; 0: constant",
       &t.decay_steps, 0, kMany},
      {"final_learning_rate", "training", "at the end of the cosine", &t.final_learning_rate, 0,
       10},
      {"weight_decay", "training", "c of the loss term c |weights|^2", &t.weight_decay, 0, 1},
      {"weight_average", "training",
       "decay a step of the moving average of the weights, which plays; 0: the weights themselves",
       &c.weight_average, 0, 0.99999},
      {"gradient_clip", "training", "largest norm of the gradient; 0: no clipping",
       &t.gradient_clip, 0, 1e9},
      {"value_weight", "training", "weight of the value loss beside the policy loss",
       &t.value_weight, 0, 1000},
      {"ownership_weight", "training",
       "weight of the ownership loss beside the policy loss, for nets with ownership=true (Go)",
       &t.ownership_weight, 0, 1000},
  };
}

std::vector<ConfigField> evaluation_fields(AlphaZeroConfig& c) {
  return {
      {"evaluate_every", "evaluation", "iterations between matches against the reference; 0: never",
       &c.evaluate_every, 0, kMany},
      {"evaluation_games", "evaluation", "games of such a match", &c.evaluation_games, 2, 1e6},
      {"evaluation_simulations", "evaluation", "visits per move in it", &c.evaluation_simulations,
       1, 1e6},
      {"evaluation_opening_plies", "evaluation", "random moves that open each pair of games",
       &c.evaluation_opening_plies, 1, 1000},
      {"gating", "evaluation", "self-play changes net only when the match is won", &c.gating},
      {"gate_threshold", "evaluation", "score that wins it", &c.gate_threshold, 0, 1},
  };
}

}  // namespace

AlphaZeroConfig::AlphaZeroConfig() {
  self_play.search.noise_fraction = 0.25f;                  // AlphaZero (Silver et al. 2018)
  self_play.search.gumbel_scale = 1.0f;                     // Danihelka et al. 2022
  self_play.search.max_tree_bytes = std::size_t{64} << 20;  // of each game in progress
}

std::vector<ConfigField> config_fields(AlphaZeroConfig& config) {
  std::vector<ConfigField> all;
  for (auto* group :
       {run_fields, self_play_fields, search_fields, training_fields, evaluation_fields})
    for (ConfigField& field : group(config)) all.push_back(std::move(field));
  return all;
}

void validate(const AlphaZeroConfig& config) {
  AlphaZeroConfig copy = config;
  for (const ConfigField& field : config_fields(copy)) check_bounds(field);
  const auto game = envs::make_game(config.game);
  nets::canonical_net_spec(config.net);
  if (Spec(config.net).get_bool("ownership", false) && !envs::go::as_go(*game))
    bad_argument("config",
                 "a net with ownership=true needs a game whose cells are owned: Go, got {}",
                 game->spec());
  const nets::Precision precision = nets::parse_precision(config.precision);
  if (!nets::is_supported(precision))
    bad_argument("config", "precision {} needs {}, which this CPU lacks; use fp32",
                 config.precision, nets::requirement(precision));
  mcts::parse_selection(config.search);
  check_choice("train_precision", config.trainer.precision, {"auto", "bf16", "fp32"});
  check_choice("optimizer", config.trainer.optimizer, {"adam", "sgd"});
  if (config.replay_max < config.replay_min)
    bad_argument("config", "replay_max must be at least replay_min ({}), got {}", config.replay_min,
                 config.replay_max);
  if (config.gating && config.evaluate_every == 0)
    bad_argument("config", "gating needs matches: evaluate_every must be at least 1, got 0");
}

mcts::SearchConfig search_config(const AlphaZeroConfig& config) {
  mcts::SearchConfig search = config.self_play.search;
  search.selection = mcts::parse_selection(config.search);
  return search;
}

std::map<std::string, std::string> to_map(const AlphaZeroConfig& config) {
  AlphaZeroConfig copy = config;
  copy.game = envs::make_game(config.game)->spec();
  copy.net = nets::canonical_net_spec(config.net);
  return to_map(config_fields(copy));
}

AlphaZeroConfig config_from_map(const std::map<std::string, std::string>& values) {
  AlphaZeroConfig config;
  set_from_map(config_fields(config), values);
  return config;
}

AlphaZeroConfig alpha_zero_config_of(const RunDirectory& run) {
  expect_kind(run, RunKind::train);
  return config_from_map(run.config());
}

}  // namespace tengen::selfplay
