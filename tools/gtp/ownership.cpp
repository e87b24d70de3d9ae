#include "tools/gtp/ownership.hpp"

#include "engine/base/random.hpp"
#include "envs/go/playout.hpp"
#include "envs/go/scoring.hpp"

namespace tengen::gtp {

std::vector<double> random_ownership(const envs::go::GoState& state, int games, Rng& rng) {
  using envs::go::Color;
  std::vector<double> owners(static_cast<std::size_t>(state.board().area()));
  for (int i = 0; i < games; ++i) {
    envs::go::Board board = state.board();
    if (!state.is_terminal())
      play_random_game(board, state.color_to_move(), 0, state.go_game().max_plies(), rng);
    const std::vector<Color> result = envs::go::ownership(board);
    for (std::size_t cell = 0; cell < owners.size(); ++cell)
      owners[cell] += result[cell] == Color::kBlack ? 1 : result[cell] == Color::kWhite ? -1 : 0;
  }
  for (double& owner : owners) owner /= games;
  return owners;
}

}  // namespace tengen::gtp
