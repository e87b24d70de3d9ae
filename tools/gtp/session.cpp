#include "tools/gtp/session.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "envs/go/go_state.hpp"
#include "envs/registry.hpp"
#include "tools/gtp/engine.hpp"

namespace tengen::gtp {
namespace {

/// A typical game fills about 70% of the board; half of those plies are the player's own.
int expected_moves_left(const envs::State& state) {
  const int cells = state.game().observation_shape().cells();
  const int plies = std::max({7 * cells / 10 - state.ply(), cells / 5, 4});
  return plies / 2;
}

bool is_turn(const envs::State& state, int player) {
  return !state.is_terminal() && state.current_player() == player;
}

std::string line_text(const envs::Game& game, const std::vector<envs::Action>& line) {
  std::string text;
  for (const envs::Action action : line) text.append(" ").append(game.action_to_string(action));
  return text;
}

}  // namespace

std::string with_option(const std::string& spec, const std::string& key, const std::string& value) {
  const std::size_t colon = spec.find(':');
  std::string options;
  const auto append = [&options](const std::string& item) {
    options += (options.empty() ? ":" : ",") + item;
  };
  if (colon != std::string::npos) {
    std::istringstream items(spec.substr(colon + 1));
    for (std::string item; std::getline(items, item, ',');)
      if (item.substr(0, item.find('=')) != key) append(item);
  }
  if (!value.empty()) append(key + "=" + value);
  return spec.substr(0, colon) + options;
}

Session::Session(SessionConfig config, EvaluatorMaker make_evaluator)
    : config_(std::move(config)),
      make_evaluator_(std::move(make_evaluator)),
      record_(make_record(envs::make_game(config_.game))),
      rng_(config_.seed) {
  if (config_.limits.simulations <= 0 && config_.limits.time_seconds <= 0)
    bad_argument("gtp", "expected a limit of simulations or time, got neither");
  search_ = make_search(record_.game());
}

GameRecord Session::make_record(std::shared_ptr<const envs::Game> game) const {
  std::unique_ptr<envs::State> start = game->new_initial_state();
  if (envs::go::GoState* go = envs::go::as_go(*start); go && komi_) go->set_komi(*komi_);
  return {std::move(game), std::move(start)};
}

std::unique_ptr<mcts::ParallelSearch> Session::make_search(
    const std::shared_ptr<const envs::Game>& game) const {
  return std::make_unique<mcts::ParallelSearch>(game, config_.search, config_.parallel,
                                                make_evaluator_(game));
}

void Session::switch_game(const std::string& spec) {
  const std::shared_ptr<const envs::Game> game = envs::make_game(spec);
  search_ = make_search(game);
  record_ = make_record(game);
  searched_moves_.reset();
  clock_.restart();
}

void Session::clear() {
  record_ = make_record(record_.game());
  searched_moves_.reset();
  clock_.restart();
}

void Session::start_from(std::unique_ptr<envs::State> start) {
  record_ = GameRecord(record_.game(), std::move(start));
  searched_moves_.reset();
}

void Session::set_komi(double komi) {
  std::unique_ptr<envs::State> start = record_.start().clone();
  envs::go::GoState* go = envs::go::as_go(*start);
  if (!go) throw Failure("this game has no komi");
  go->set_komi(komi);
  record_.change_start(std::move(start));
  komi_ = komi;
  searched_moves_.reset();
}

envs::Action Session::parse_vertex(const std::string& text) const {
  const std::optional<envs::Action> action = game().parse_action(text);
  if (!action) throw Failure("syntax error");
  return *action;
}

std::unique_ptr<envs::State> Session::position_for(int player) const {
  std::unique_ptr<envs::State> position = record_.state_for(player);
  if (!position) throw Failure(state().is_terminal() ? "game is over" : "not this colour's turn");
  return position;
}

/// Moves the search's root to the position for `player`, keeping its tree where the game went on.
void Session::follow_record(int player) {
  const std::unique_ptr<envs::State> position = position_for(player);
  if (!advance_search() || !is_turn(search_->root_state(), player)) search_->reset(*position);
  searched_moves_ = record_.moves();
}

/// Plays the moves since the last search on its tree. False if the game did not go on from its root
/// or gave the move to another colour on the way.
bool Session::advance_search() {
  const std::vector<GameRecord::Move>& moves = record_.moves();
  if (!searched_moves_ || searched_moves_->size() > moves.size()) return false;
  const auto [known, next] =
      std::mismatch(searched_moves_->begin(), searched_moves_->end(), moves.begin());
  if (known != searched_moves_->end()) return false;
  return std::all_of(next, moves.end(), [this](const GameRecord::Move& move) {
    const bool goes_on = is_turn(search_->root_state(), move.player);
    if (goes_on) search_->advance(move.action);
    return goes_on;
  });
}

mcts::SearchLimits Session::limits_for(int player, double seconds_spent) const {
  mcts::SearchLimits limits = config_.limits;
  if (const auto budget = clock_.budget(player, expected_moves_left(state())))
    limits.time_seconds = *budget;
  if (limits.time_seconds > 0)
    limits.time_seconds =
        std::max(limits.time_seconds - seconds_spent, mcts::TimeControl::kSmallestBudget);
  return limits;
}

Session::Decision Session::decide(int player, bool may_resign) {
  const Stopwatch watch;
  const std::optional<envs::Action> pass = game().parse_action("pass");
  if (state().is_terminal() && pass) return {*pass, {}};
  follow_record(player);
  Decision decision{std::nullopt, search_->run(limits_for(player, watch.seconds()), rng_)};
  const mcts::SearchResult& result = decision.search;
  const float value = result.value;
  if (!may_resign || value >= config_.resign_value) {
    const double temperature = state().ply() < config_.temperature_plies ? 1 : 0;
    decision.action = mcts::select_move(result, temperature, rng_);
  }
  clock_.spend(player, watch.seconds());
  spdlog::info("{} {}: {:.1f}% after {} simulations in {:.2f} s,{}",
               player == 0 ? "black" : "white",
               decision.action ? vertex(*decision.action) : "resigns", 50 + 50 * result.value,
               result.simulations, result.seconds, line_text(game(), result.principal_variation));
  return decision;
}

mcts::SearchResult Session::analyse(int player, double seconds) {
  follow_record(player);
  mcts::SearchLimits limits;
  limits.time_seconds = seconds;
  return search_->run(limits, rng_);
}

}  // namespace tengen::gtp
