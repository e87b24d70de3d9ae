// What a GTP session knows: the game with its rules, the record of moves, the clock, and the search
// that answers for Tengen. The command groups (commands.hpp) work on it.
//
// The search keeps its tree where the game goes on from the position searched last. Behind an undo
// or a set-up it starts anew, and only cached evaluations help: the tree of a position that was
// left would have to stay in memory, at the cost of the search that goes on.
//
// Works for every game: vertices are Game::action_to_string, black and white are players 0 and 1.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "mcts/parallel_search.hpp"
#include "mcts/time_control.hpp"
#include "tools/gtp/game_record.hpp"
#include "tools/gtp/ownership.hpp"
#include "tools/gtp/restriction.hpp"

namespace tengen::gtp {

struct SessionConfig {
  std::string game = "go:size=9";
  std::string engine_name = "Tengen";
  mcts::SearchConfig search;
  mcts::ParallelConfig parallel;
  /// Of one move. When a clock runs, its budget replaces time_seconds. At least one must be set.
  mcts::SearchLimits limits;
  /// Of each clock reading this is kept back (half of the reading at most), for what the engine's
  /// own clock does not see.
  double lag_seconds = mcts::TimeControl::kDefaultLag;
  /// genmove resigns when the search's value for its side falls below this; -1 never resigns.
  double resign_value = -1;
  /// Think while the opponent does. Needs a tree that is kept from move to move, and nobody who
  /// wants the same results twice: puct without deterministic.
  bool ponder = false;
  /// Dead stones may stay on the board when the game ends (pass_policy.hpp).
  bool friendly_pass = false;
  /// The first plies of a game are drawn with probability proportional to the visits.
  int temperature_plies = 0;
  std::uint64_t seed = 1;
};

/// Makes the evaluators for a game, with random numbers of this seed; throws std::invalid_argument
/// if they do not fit it.
using EvaluatorMaker = std::function<mcts::EvaluatorFactory(
    const std::shared_ptr<const envs::Game>&, std::uint64_t seed)>;
/// Makes the evaluator behind kata-raw-nn, which sees every position under this symmetry of its
/// game.
using RawEvaluatorMaker = std::function<std::unique_ptr<mcts::Evaluator>(
    const std::shared_ptr<const envs::Game>&, int symmetry)>;

class Session {
 public:
  /// `make_raw`: null if there is no net.
  Session(SessionConfig config, EvaluatorMaker make_evaluator, RawEvaluatorMaker make_raw = nullptr,
          Ownership ownership = Ownership());

  const SessionConfig& config() const { return config_; }
  const envs::Game& game() const { return *record_.game(); }
  const envs::State& state() const { return record_.state(); }
  const Ownership& ownership() const { return ownership_; }
  GameRecord& record() { return record_; }
  mcts::TimeControl& clock() { return clock_; }
  /// Starts both players' clocks; nullopt: from now on there is none.
  void set_clock(const std::optional<mcts::TimeSettings>& settings);

  /// Starts a game by this description, its komi included. On an error (unknown game, net of
  /// another size) it throws and leaves the present game as it is.
  void switch_game(const std::string& spec);
  /// Starts a game on a Go board of this size (resized_go), otherwise as the present one; the komi
  /// that was set stays. Errors as in switch_game().
  void resize(int width, int height);
  /// Starts a game of the present kind at the empty board, with full clocks.
  void clear();
  /// The game by another description of the same board: the start and the moves stay. Throws and
  /// changes nothing if the net does not fit.
  void change_rules(const std::string& spec);
  /// Starts a game at this position.
  void start_from(std::unique_ptr<envs::State> start);
  /// Go only (Failure otherwise): the komi of this game and those that follow.
  void set_komi(double komi);
  /// Parameters of the search and of play, from the next search on. What is wrong throws
  /// std::invalid_argument and changes nothing.
  void set_config(const SessionConfig& config);
  /// Starts all random numbers anew, with a fresh tree.
  void set_seed(std::uint64_t seed);
  /// Forgets the tree and all evaluations.
  void clear_cache();

  struct Decision {
    std::optional<envs::Action> action;  // nullopt: resigns
    mcts::SearchResult search;           // empty where there was nothing to search
  };
  /// Sees the search so far.
  using Progress = std::function<void(const mcts::SearchResult&)>;
  /// The move for `player`; the record stays as it is. A pass in a game that is over, unless
  /// restrictions ask for something else; Failure if it has no pass or it is not that player's
  /// turn. `progress` is called every `interval_seconds` and at the end of each search; also for a
  /// pass that wins at once, which needs none. `watch` runs since the move's time began.
  Decision decide(int player, bool may_resign, double interval_seconds = 0,
                  const Progress& progress = nullptr, const Stopwatch& watch = Stopwatch());
  /// The last decision of this game; it stays until the next one or the next game.
  const std::optional<Decision>& last_decision() const { return last_decision_; }
  /// Safe from any thread: ends the decide() or search_position() in progress, or the next one,
  /// with what it has; or takes that back.
  void interrupt(bool wanted = true);

  /// Plays `action`, a decision for `player`, and expects the opponent's reply. Failure if it
  /// cannot be played.
  void answer_with(int player, envs::Action action);
  /// The controller's word that no reply will come.
  void expect_no_reply() { reply_to_.reset(); }
  /// If so configured and a reply is expected still: searches the opponent's turn, on the tree that
  /// is kept for the next decision, until `stop`, the result is proven or the tree's memory is
  /// full.
  void ponder(const std::atomic<bool>& stop);

  /// More search with `player` to move, on the same tree, for `seconds` or until `stop`, but at
  /// least until one move was tried; the record stays as it is.
  mcts::SearchResult analyse(int player, double seconds, const std::atomic<bool>& stop);
  /// False once the result is proven or the visits are as many as can be counted.
  static bool can_learn_more(const mcts::SearchResult& result);
  /// The search of the present position with the limits of a move without a clock.
  mcts::SearchResult search_position(int player);
  /// After a search: the line that it expects behind `action` at its root, at least that action.
  std::vector<envs::Action> variation(envs::Action action) const {
    return search_->variation(action);
  }
  /// The visits of each of its moves.
  std::vector<int> variation_visits(envs::Action action) const {
    return search_->variation_visits(action);
  }
  /// From now on analyse() and decide() search under these restrictions, on a tree of their own;
  /// empty: no longer. What the evaluators have cached stays.
  void restrict(std::vector<Restriction> restrictions);
  /// Priors and value of the present position by the net alone, without visits, seen under this
  /// symmetry of the game (from 0 to num_symmetries() - 1); Failure without a net.
  mcts::SearchResult raw_evaluation(int player, int symmetry = 0);

  /// Whose turn it is; in a game that is over, whose it would be if play went on.
  int next_player() const;
  /// The present position with `player` to move; Failure if the game does not allow that.
  std::unique_ptr<envs::State> position_for(int player) const;
  /// The same; null if the game does not allow that.
  std::unique_ptr<envs::State> position_or_null(int player) const {
    return record_.state_for(player);
  }

  /// Vertices as GTP names them.
  std::string vertex(envs::Action action) const { return game().action_to_string(action); }
  /// A line as people read it, "D4 C3 E5": its first 15 moves at most.
  std::string line_text(const std::vector<envs::Action>& line) const;
  envs::Action parse_vertex(const std::string& text) const;  // Failure("syntax error")

 private:
  std::unique_ptr<mcts::ParallelSearch> make_search(const std::shared_ptr<const envs::Game>& game,
                                                    const mcts::EvaluatorFactory& evaluators) const;
  void start_search(const std::shared_ptr<const envs::Game>& game,
                    const std::function<void()>& enter = nullptr);
  GameRecord make_record(std::shared_ptr<const envs::Game> game) const;
  void enter_game(const std::string& spec, const std::optional<double>& komi);
  void follow_record(int player);
  bool advance_search();
  Decision make_decision(int player, bool may_resign, double interval_seconds,
                         const Progress& progress, const Stopwatch& watch);
  mcts::SearchResult search_move(int player, const Stopwatch& watch, const mcts::Reports* reports);
  static void check(const SessionConfig& config);
  mcts::SearchLimits limits_for(int player, double seconds_spent) const;

  SessionConfig config_;
  EvaluatorMaker make_evaluator_;
  RawEvaluatorMaker make_raw_;
  Ownership ownership_;
  std::optional<double> komi_;  // as set; else the game's own
  GameRecord record_;
  mcts::TimeControl clock_;
  mcts::EvaluatorFactory evaluators_;  // of the game: the same ones for all its searches
  std::shared_ptr<const RestrictedGame> restricted_;  // null: search_ is of the game itself
  std::unique_ptr<mcts::ParallelSearch> search_;
  std::optional<std::vector<GameRecord::Move>> searched_moves_;  // those before the search's root
  std::optional<Decision> last_decision_;
  std::optional<std::vector<GameRecord::Move>> reply_to_;  // a reply to these moves is expected
  Rng rng_;
  std::atomic<bool> interrupted_ = false;  // the decision or search in progress, or the next one
};

/// The description of a Go game on another board. The length limit is that of the size, and so is
/// the komi if it was before: another komi stays.
std::string resized_go(std::string spec, int width, int height);

/// `spec` ("name:key=value,...") with `key` set to `value`, or removed if `value` is empty.
std::string with_option(const std::string& spec, const std::string& key, const std::string& value);

}  // namespace tengen::gtp
