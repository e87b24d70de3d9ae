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

/// The two players of one thread; [0] is a.
using Players = std::array<std::unique_ptr<Player>, 2>;

void apply_and_tell(envs::State& state, envs::Action action, const Players& players,
                    MatchGame& game) {
  state.apply(action);
  game.actions.push_back(action);
  for (const auto& player : players) player->observe(action);
}

/// Ends the game as lost for player `loser` (0 is a).
void lose(MatchGame& game, int loser, const char* how) {
  game.result_a = loser == 0 ? -1.0f : 1.0f;
  game.reason = fmt::format("{} {}", loser == 0 ? "a" : "b", how);
}

MatchGame play_one(const MatchConfig& config, int index, const Players& players) {
  MatchGame game;
  game.index = index;
  game.a_moves_first = index % 2 == 0;
  const auto stream = static_cast<std::uint64_t>(index);
  Rng opening_rng = Rng(config.seed).split(kOpeningStream).split(stream / 2);
  Rng rng = Rng(config.seed).split(kGameStream).split(stream);
  const auto state = config.game->new_initial_state();
  for (const auto& player : players) player->new_game(*state);
  for (envs::Action action : random_opening(*config.game, config.opening_plies, opening_rng))
    apply_and_tell(*state, action, players, game);
  while (!state->is_terminal()) {
    const int mover = (state->current_player() == 0) == game.a_moves_first ? 0 : 1;
    const auto action = players[static_cast<std::size_t>(mover)]->select_action(*state, rng);
    if (!action) {
      lose(game, mover, "resigned");
      return game;
    }
    if (!state->is_legal(*action)) {
      lose(game, mover, "played an illegal move");
      return game;
    }
    apply_and_tell(*state, *action, players, game);
  }
  game.result_a = state->returns(game.a_moves_first ? 0 : 1);
  game.reason = "end of game";
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
                       const PlayerFactory& make_b, const MatchObserver& observer) {
  check(config);
  MatchResult result;
  result.games.resize(static_cast<std::size_t>(config.games));
  std::mutex mutex;  // guards `result` and the observer
  std::atomic<bool> abort = false;
  std::atomic<int> next_game = 0;
  const auto work = [&](int thread) {
    const Rng seeds =
        Rng(config.seed).split(kPlayerStream).split(static_cast<std::uint64_t>(thread));
    const Players players{make_a(seeds.split(0)()), make_b(seeds.split(1)())};
    while (!abort) {
      const int index = next_game++;
      if (index >= config.games) break;
      MatchGame game = play_one(config, index, players);
      std::lock_guard lock(mutex);
      result.name_a = players[0]->name();
      result.name_b = players[1]->name();
      result.tally.add(game.result_a);
      if (observer) observer(game, result.tally);
      result.games[static_cast<std::size_t>(index)] = std::move(game);
    }
  };
  run_workers(std::min(config.threads, config.games), abort, work);
  return result;
}

}  // namespace tengen::selfplay
