#include "tools/gtp/game_record.hpp"

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "envs/go/go_state.hpp"
#include "envs/registry.hpp"

using namespace tengen;
using gtp::GameRecord;

namespace {

/// Every position of a game, each a copy of the one before.
class Positions {
 public:
  explicit Positions(const envs::State& start) { add(start.clone()); }
  const envs::State& last() const { return *all_.back(); }

  bool play(int player, envs::Action action, bool lawful) {
    std::unique_ptr<envs::State> next = last().clone();
    envs::go::GoState& go = *envs::go::as_go(*next);
    if (!go.is_terminal() || action != go.go_game().pass_action()) {
      go.set_to_move(player);
      if (lawful && !go.is_legal(action)) return false;
      if (!go.execute(action)) return false;
    }
    add(std::move(next));
    return true;
  }

  bool undo(std::size_t count) {
    const bool enough = count < all_.size();
    if (enough) all_.resize(all_.size() - count);
    return enough;
  }

 private:
  void add(std::unique_ptr<envs::State> state) { all_.push_back(std::move(state)); }
  std::vector<std::unique_ptr<envs::State>> all_;
};

GameRecord new_record(const std::string& spec) {
  const std::shared_ptr<const envs::Game> game = envs::make_game(spec);
  return {game, game->new_initial_state()};
}

}  // namespace

TEST_CASE("A record goes through the positions of its game", "[tools][gtp][record]") {
  for (const char* spec : {"go:size=3,ko=simple", "go:size=3,ko=situational,suicide=true"}) {
    GameRecord record = new_record(spec);
    Positions positions(record.state());
    Rng rng(7);
    for (int step = 0; step < 3000; ++step) {
      CAPTURE(spec, step);
      const int turn = record.state().current_player();
      const int player = rng.below(4) == 0 ? 1 - turn : turn;
      const auto action = static_cast<envs::Action>(rng.below(10));
      switch (rng.below(12)) {
        case 0: {
          const std::size_t count = rng.below(8);
          REQUIRE(record.undo(count) == positions.undo(count));
          break;
        }
        case 1:
          REQUIRE(record.execute(player, action) == positions.play(player, action, false));
          break;
        default:
          REQUIRE(record.play(player, action) == positions.play(player, action, true));
      }
      REQUIRE(record.state().key() == positions.last().key());
      REQUIRE(record.state().current_player() == positions.last().current_player());
      REQUIRE(record.state().to_string() == positions.last().to_string());
      REQUIRE(record.state().ply() == positions.last().ply());
    }
  }
}

// Anything that looks at the whole game for each move takes minutes here.
TEST_CASE("A record takes a game of a hundred thousand moves", "[tools][gtp][record]") {
  constexpr std::size_t kMoves = 100'000;
  GameRecord record = new_record("go:size=5,ko=simple");
  Rng rng(8);
  std::uint64_t middle = 0;
  while (record.moves().size() < kMoves) {
    const int turn = record.state().current_player();
    const int player = rng.below(8) == 0 ? 1 - turn : turn;
    record.play(player, static_cast<envs::Action>(rng.below(26)));
    if (record.moves().size() == kMoves / 2) middle = record.state().key();
  }
  CHECK(record.undo(kMoves / 2));
  CHECK(record.state().key() == middle);
}
