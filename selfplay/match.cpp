#include "selfplay/match.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

#include "engine/base/error.hpp"
#include "selfplay/opening.hpp"
#include "selfplay/worker_pool.hpp"

namespace tengen::selfplay {

namespace {

/// Streams of a match's seed: openings by pair, then everything else by game or thread.
enum Stream : std::uint64_t { kOpeningStream, kGameStream, kPlayerStream };

/// One side of a thread's games. A player that failed is made anew for the next game.
struct Seat {
  const PlayerFactory* make;
  std::uint64_t seed;
  std::unique_ptr<Player> player = (*make)(seed);
  int failures = 0;  // games in a row
};
/// Of one thread; [0] is player a.
using Seats = std::array<Seat, 2>;

constexpr int kMostFailures = 2;

/// The Error of an outside program, and whose it was.
struct PlayerFailure {
  std::size_t seat;
  Error error;
};

/// Thrown out of a game that will not be finished.
struct Abandoned {};

template <typename Call>
auto ask(const Seats& seats, std::size_t seat, const Call& call) {
  try {
    return call(*seats[seat].player);
  } catch (const Error& error) {
    throw PlayerFailure{seat, error};
  }
}

void apply_and_tell(envs::State& state, envs::Action action, const Seats& seats, MatchGame& game) {
  state.apply(action);
  game.actions.push_back(action);
  for (std::size_t seat : {0, 1}) ask(seats, seat, [&](Player& p) { p.observe(action); });
}

/// Ends the game as lost for player `loser` (0 is a).
void lose(MatchGame& game, std::size_t loser, const std::string& how) {
  game.result_a = loser == 0 ? -1.0f : 1.0f;
  game.reason = fmt::format("{} {}", loser == 0 ? "a" : "b", how);
}

/// Plays `game` to its end. Throws PlayerFailure, and Abandoned once `stopped`.
void play_moves(const MatchConfig& config, const Seats& seats, const std::function<bool()>& stopped,
                MatchGame& game) {
  const auto stream = static_cast<std::uint64_t>(game.index);
  Rng opening_rng = Rng(config.seed).split(kOpeningStream).split(stream / 2);
  Rng rng = Rng(config.seed).split(kGameStream).split(stream);
  const auto state = config.game->new_initial_state();
  for (std::size_t seat : {0, 1}) ask(seats, seat, [&](Player& p) { p.new_game(*state); });
  for (envs::Action action : random_opening(*config.game, config.opening_plies, opening_rng))
    apply_and_tell(*state, action, seats, game);
  while (!state->is_terminal()) {
    if (stopped()) throw Abandoned{};
    const std::size_t mover = (state->current_player() == 0) == game.a_moves_first ? 0 : 1;
    const auto action = ask(seats, mover, [&](Player& p) { return p.select_action(*state, rng); });
    if (stopped()) throw Abandoned{};  // it may be the worse for the haste
    if (!action) return lose(game, mover, "resigned");
    if (!state->is_legal(*action)) return lose(game, mover, "played an illegal move");
    apply_and_tell(*state, *action, seats, game);
  }
  game.result_a = state->returns(game.a_moves_first ? 0 : 1);
  game.reason = "end of game";
}

MatchGame play_one(const MatchConfig& config, int index, const std::function<bool()>& stopped,
                   Seats& seats) {
  MatchGame game;
  game.index = index;
  game.a_moves_first = index % 2 == 0;
  for (Seat& seat : seats)
    if (!seat.player) seat.player = (*seat.make)(seat.seed);
  try {
    play_moves(config, seats, stopped, game);
    for (Seat& seat : seats) seat.failures = 0;
  } catch (const PlayerFailure& failure) {
    if (stopped()) throw Abandoned{};
    Seat& seat = seats[failure.seat];
    if (++seat.failures == kMostFailures) throw failure.error;
    seat.player.reset();
    lose(game, failure.seat, fmt::format("failed: {}", failure.error.what()));
  }
  return game;
}

void check(const MatchConfig& config) {
  if (!config.game) bad_argument("match", "expected a game, got none");
  if (config.games < 1) bad_argument("match", "expected at least 1 game, got {}", config.games);
  if (config.threads < 1)
    bad_argument("match", "expected at least 1 thread, got {}", config.threads);
  if (config.opening_plies < 0)
    bad_argument("match", "expected opening_plies of at least 0, got {}", config.opening_plies);
}

}  // namespace

MatchResult play_match(const MatchConfig& config, const PlayerFactory& make_a,
                       const PlayerFactory& make_b, const MatchObserver& observer,
                       const std::atomic<bool>* stop) {
  check(config);
  MatchResult result;
  std::mutex mutex;  // guards `result` and the observer
  std::atomic<bool> abort = false;
  std::atomic<int> next_game = 0;
  const auto stopped = [stop] { return stop && *stop; };
  const auto play = [&](int thread) {
    const Rng seeds =
        Rng(config.seed).split(kPlayerStream).split(static_cast<std::uint64_t>(thread));
    Seats seats{Seat{&make_a, seeds.split(0)()}, Seat{&make_b, seeds.split(1)()}};
    {
      const std::lock_guard lock(mutex);
      result.name_a = seats[0].player->name();
      result.name_b = seats[1].player->name();
    }
    while (!abort && !stopped()) {
      const int index = next_game++;
      if (index >= config.games) break;
      MatchGame game = play_one(config, index, stopped, seats);
      const std::lock_guard lock(mutex);
      result.tally.add(game.result_a);
      result.games.push_back(std::move(game));
      if (observer) observer(result.games.back(), result);
    }
  };
  const auto work = [&](int thread) {
    try {
      play(thread);
    } catch (const Abandoned&) {
    } catch (const Error&) {  // of a player that could not be made in time, if it was stopped
      if (!stopped()) throw;
    }
  };
  run_workers(std::min(config.threads, config.games), abort, work);
  std::ranges::sort(result.games, {}, &MatchGame::index);
  return result;
}

}  // namespace tengen::selfplay
