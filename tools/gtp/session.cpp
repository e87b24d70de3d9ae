#include "tools/gtp/session.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/rules.hpp"
#include "envs/registry.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/kept_evaluators.hpp"
#include "tools/gtp/moves_left.hpp"
#include "tools/gtp/pass_policy.hpp"

namespace tengen::gtp {
namespace {

bool is_turn(const envs::State& state, int player) {
  return !state.is_terminal() && state.current_player() == player;
}

/// Of a root, in a search that no other limit ends: as many as --sims can ask for.
constexpr int kMostVisits = 100'000'000;

/// Another move may yet turn out the best: it has nearly as many visits as the first, or half of
/// them and a better value.
bool is_unsure(const mcts::SearchResult& result) {
  if (result.proof != mcts::Proof::unknown || result.choice != envs::kNoAction) return false;
  const auto first =
      std::max_element(result.actions.begin(), result.actions.end(),
                       [](const auto& a, const auto& b) { return a.visits < b.visits; });
  return std::any_of(result.actions.begin(), result.actions.end(), [&](const auto& other) {
    if (other.action == first->action || other.proof == mcts::Proof::loss) return false;
    return 5 * other.visits >= 4 * first->visits ||
           (2 * other.visits >= first->visits && other.q > first->q);
  });
}

/// What a search would say of a pass that wins.
mcts::SearchResult winning_pass(envs::Action pass) {
  mcts::SearchResult result;
  result.actions = {
      {.action = pass, .visits = 1, .q = 1, .lcb = 1, .prior = 1, .proof = mcts::Proof::win}};
  result.value = 1;
  result.proof = mcts::Proof::win;
  result.simulations = 1;
  result.principal_variation = {pass};
  return result;
}

/// An interrupt is for one decision or search.
struct InterruptEnds {
  std::atomic<bool>& interrupted;
  ~InterruptEnds() { interrupted = false; }
};

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

std::string resized_go(std::string spec, int width, int height) {
  const envs::go::Rules rules = envs::go::as_go(*envs::make_game(spec))->rules();
  if (rules.komi_halves == envs::go::default_komi_halves(rules.width, rules.height))
    spec = with_option(spec, "komi", "");
  for (const char* key : {"size", "width", "height", "max_plies"})
    spec = with_option(spec, key, "");
  if (width == height) return with_option(spec, "size", std::to_string(width));
  return with_option(with_option(spec, "width", std::to_string(width)), "height",
                     std::to_string(height));
}

Session::Session(SessionConfig config, EvaluatorMaker make_evaluator, RawEvaluatorMaker make_raw,
                 Ownership ownership)
    : config_(std::move(config)),
      make_evaluator_(std::move(make_evaluator)),
      make_raw_(std::move(make_raw)),
      ownership_(std::move(ownership)),
      record_(make_record(envs::make_game(config_.game))),
      rng_(config_.seed) {
  check(config_);
  start_search(record_.game());
}

void Session::check(const SessionConfig& config) {
  if (config.limits.simulations <= 0 && config.limits.time_seconds <= 0)
    bad_argument("gtp", "expected a limit of simulations or time, got neither");
  if (config.ponder && config.parallel.deterministic)
    bad_argument("gtp",
                 "expected no pondering in a deterministic engine: what it finds depends on "
                 "the opponent's time");
  if (config.ponder && config.search.selection != mcts::Selection::puct)
    bad_argument("gtp", "expected no pondering with gumbel, which keeps no tree from move to move");
  if (config.parallel.deterministic && config.limits.simulations <= 0)
    bad_argument("gtp", "expected --sims with --deterministic: time would end the searches");
  const bool ordered = config.parallel.threads == 1 || config.parallel.deterministic;
  if (config.search.graph && (!ordered || config.search.selection != mcts::Selection::puct))
    bad_argument("gtp", "expected --graph with puct and either --threads 1 or --deterministic");
}

GameRecord Session::make_record(std::shared_ptr<const envs::Game> game) const {
  std::unique_ptr<envs::State> start = game->new_initial_state();
  if (envs::go::GoState* go = envs::go::as_go(*start); go && komi_) go->set_komi(*komi_);
  return {std::move(game), std::move(start)};
}

std::unique_ptr<mcts::ParallelSearch> Session::make_search(
    const std::shared_ptr<const envs::Game>& game, const mcts::EvaluatorFactory& evaluators) const {
  return std::make_unique<mcts::ParallelSearch>(game, config_.search, config_.parallel, evaluators);
}

/// With a fresh tree and fresh evaluators. `enter` is called before those of the present game are
/// given up: if it throws, or if the new ones do not fit `game`, they stay.
void Session::start_search(const std::shared_ptr<const envs::Game>& game,
                           const std::function<void()>& enter) {
  const mcts::EvaluatorFactory evaluators = kept_evaluators(make_evaluator_(game, config_.seed));
  std::unique_ptr<mcts::ParallelSearch> search = make_search(game, evaluators);
  if (enter) enter();
  evaluators_ = evaluators;
  search_ = std::move(search);
  searched_moves_.reset();
}

void Session::switch_game(const std::string& spec) { enter_game(spec, std::nullopt); }

void Session::resize(int width, int height) {
  enter_game(resized_go(game().spec(), width, height), komi_);
}

void Session::enter_game(const std::string& spec, const std::optional<double>& komi) {
  const std::shared_ptr<const envs::Game> game = envs::make_game(spec);
  start_search(game);
  komi_ = komi;
  record_ = make_record(game);
  last_decision_.reset();
  clock_.restart();
}

void Session::clear() {
  record_ = make_record(record_.game());
  searched_moves_.reset();
  last_decision_.reset();
  clock_.restart();
}

void Session::change_rules(const std::string& spec) {
  const std::shared_ptr<const envs::Game> game = envs::make_game(spec);
  start_search(game, [&] { record_.change_game(game); });
}

void Session::start_from(std::unique_ptr<envs::State> start) {
  record_ = GameRecord(record_.game(), std::move(start));
  searched_moves_.reset();
  last_decision_.reset();
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

void Session::set_config(const SessionConfig& config) {
  check(config);
  search_->set_config(config.search);
  if (config.search.selection != config_.search.selection)
    searched_moves_.reset();  // the tree of one is of no use to the other
  clock_.set_lag(config.lag_seconds);
  config_ = config;
}

void Session::set_clock(const std::optional<mcts::TimeSettings>& settings) {
  clock_ = settings ? mcts::TimeControl(*settings, config_.lag_seconds) : mcts::TimeControl();
}

void Session::set_seed(std::uint64_t seed) {
  config_.seed = seed;
  rng_ = Rng(seed);
  clear_cache();
}

void Session::clear_cache() { start_search(record_.game()); }

envs::Action Session::parse_vertex(const std::string& text) const {
  const std::optional<envs::Action> action = game().parse_action(text);
  if (!action) throw Failure("syntax error");
  return *action;
}

int Session::next_player() const {
  if (!state().is_terminal()) return state().current_player();
  return record_.moves().empty() ? 0 : 1 - record_.moves().back().player;
}

std::unique_ptr<envs::State> Session::position_for(int player) const {
  std::unique_ptr<envs::State> position = record_.state_for(player);
  if (!position) throw Failure(state().is_terminal() ? "game is over" : "not this colour's turn");
  return position;
}

/// Moves the search's root to the position for `player`, keeping its tree where the game went on.
void Session::follow_record(int player) {
  std::unique_ptr<envs::State> position = position_for(player);
  if (restricted_) position = restricted_->restrict(*position);
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

/// Within the time of a move that began with `watch`; more of it if the move is unsure.
mcts::SearchResult Session::search_move(int player, const Stopwatch& watch,
                                        const mcts::Reports* reports) {
  mcts::SearchLimits limits = limits_for(player, watch.seconds());
  const auto search = [&] {
    mcts::SearchResult found = search_->run(limits, rng_, &interrupted_, reports);
    if (reports != nullptr) reports->report(found);
    return found;
  };
  mcts::SearchResult result = search();
  const bool out_of_visits = limits.simulations > 0 && result.simulations >= limits.simulations;
  limits.time_seconds = clock_.extension(player, expected_moves_left(state()));
  if (limits.time_seconds <= 0 || out_of_visits || interrupted_ || !is_unsure(result))
    return result;
  const double seconds_before = result.seconds;
  result = search();
  result.seconds += seconds_before;
  return result;
}

Session::Decision Session::decide(int player, bool may_resign, double interval_seconds,
                                  const Progress& progress, const Stopwatch& watch) {
  expect_no_reply();
  const InterruptEnds interrupt_ends{interrupted_};
  last_decision_ = make_decision(player, may_resign, interval_seconds, progress, watch);
  return *last_decision_;
}

Session::Decision Session::make_decision(int player, bool may_resign, double interval_seconds,
                                         const Progress& progress, const Stopwatch& watch) {
  const std::optional<envs::Action> pass = game().parse_action("pass");
  if (state().is_terminal() && pass && !restricted_) return {*pass, {}};
  const std::unique_ptr<envs::State> position = position_for(player);
  const envs::go::GoState* go = envs::go::as_go(*position);
  follow_record(player);
  const bool may_pass = pass && search_->root_state().is_legal(*pass);
  if (go && may_pass && passes_at_once(*go, config_.friendly_pass)) {
    const Decision decision{pass, winning_pass(*pass)};
    if (progress) progress(decision.search);
    return decision;
  }
  const mcts::Reports reports{interval_seconds, progress};
  Decision decision{std::nullopt, search_move(player, watch, progress ? &reports : nullptr)};
  const mcts::SearchResult& result = decision.search;
  const float value = result.value;
  if (!may_resign || value >= config_.resign_value) {
    const double temperature = state().ply() < config_.temperature_plies ? 1 : 0;
    decision.action = mcts::select_move(result, temperature, rng_);
    if (go) decision.action = safe_action(*go, result, *decision.action, config_.friendly_pass);
  }
  clock_.spend(player, watch.seconds());
  spdlog::info("{} {}: {:.1f}% after {} simulations in {:.2f} s, {}",
               player == 0 ? "black" : "white",
               decision.action ? vertex(*decision.action) : "resigns", 50 + 50 * result.value,
               result.simulations, result.seconds, line_text(result.principal_variation));
  return decision;
}

std::string Session::line_text(const std::vector<envs::Action>& line) const {
  constexpr std::size_t kMostMoves = 15;
  std::string text;
  for (std::size_t i = 0; i < std::min(line.size(), kMostMoves); ++i)
    text.append(i == 0 ? "" : " ").append(vertex(line[i]));
  return line.size() > kMostMoves ? text + " ..." : text;
}

void Session::interrupt(bool wanted) { interrupted_ = wanted; }

void Session::answer_with(int player, envs::Action action) {
  if (!record_.play(player, action)) throw Failure("cannot play " + vertex(action));
  reply_to_ = record_.moves();
}

void Session::ponder(const std::atomic<bool>& stop) {
  if (!config_.ponder || reply_to_ != record_.moves() || state().is_terminal()) return;
  const Stopwatch watch;
  follow_record(state().current_player());
  mcts::SearchResult result;
  do {
    result = search_->run({.simulations = kMostVisits, .until_full = true}, rng_, &stop);
  } while (!stop && can_learn_more(result) && !search_->full());
  spdlog::info("pondered for {:.2f} s: {} simulations", watch.seconds(), result.simulations);
}

mcts::SearchResult Session::analyse(int player, double seconds, const std::atomic<bool>& stop) {
  follow_record(player);
  mcts::SearchResult result = search_->run({.time_seconds = seconds}, rng_, &stop);
  const bool root_alone = result.simulations == 1 && can_learn_more(result);
  return root_alone ? search_->run({.simulations = 2}, rng_) : result;
}

bool Session::can_learn_more(const mcts::SearchResult& result) {
  return result.proof == mcts::Proof::unknown && result.simulations < kMostVisits;
}

mcts::SearchResult Session::search_position(int player) {
  const InterruptEnds interrupt_ends{interrupted_};
  follow_record(player);
  return search_->run(config_.limits, rng_, &interrupted_);
}

void Session::restrict(std::vector<Restriction> restrictions) {
  if (restrictions.empty() && !restricted_) return;
  std::shared_ptr<const RestrictedGame> restricted;
  if (!restrictions.empty())
    restricted =
        std::make_shared<RestrictedGame>(record_.game(), std::move(restrictions), state().ply());
  search_ =
      restricted ? make_search(restricted, evaluators_) : make_search(record_.game(), evaluators_);
  restricted_ = std::move(restricted);
  searched_moves_.reset();
}

mcts::SearchResult Session::raw_evaluation(int player, int symmetry) {
  if (!make_raw_) throw Failure("no net is loaded: start with --net");
  const std::unique_ptr<envs::State> position = position_for(player);
  std::vector<envs::Action> actions;
  position->legal_actions(actions);
  std::vector<float> priors(actions.size());
  mcts::EvalItem item{position.get(), actions, priors};
  make_raw_(record_.game(), symmetry)->evaluate({&item, 1});
  mcts::SearchResult result;
  result.value = item.value;
  for (std::size_t i = 0; i < actions.size(); ++i)
    result.actions.push_back({.action = actions[i], .prior = priors[i]});
  return result;
}

}  // namespace tengen::gtp
