#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/base/log.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/sgf.hpp"
#include "envs/registry.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

/// The present Go rules on another board. Komi and length limit are again those of the size.
std::string resized(std::string spec, int width, int height) {
  for (const char* key : {"size", "width", "height", "komi", "max_plies"})
    spec = with_option(spec, key, "");
  if (width == height) return with_option(spec, "size", std::to_string(width));
  return with_option(with_option(spec, "width", std::to_string(width)), "height",
                     std::to_string(height));
}

std::string boardsize(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  const int size = parse_int(args[0]);
  const envs::ObservationShape shape = session.game().observation_shape();
  if (shape.width == size && (shape.height == size || session.game().name() != "go")) {
    session.clear();
    return "";
  }
  if (session.game().name() != "go") throw Failure("unacceptable size");
  try {
    session.switch_game(resized(session.game().spec(), size, size));
  } catch (const std::exception& error) {  // out of bounds, or a net of another size
    spdlog::warn("boardsize {}: {}", size, error.what());
    throw Failure("unacceptable size");
  }
  return "";
}

std::string komi(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  const double value = parse_double(args[0]);
  try {
    session.set_komi(value);
  } catch (const std::invalid_argument&) {
    throw Failure("unacceptable komi");
  }
  return "";
}

std::unique_ptr<envs::State> sgf_position(const envs::Game& board, const envs::go::SgfGame& game,
                                          int num_moves) {
  std::unique_ptr<envs::State> state = board.new_initial_state();
  envs::go::load_sgf(game, *envs::go::as_go(*state), num_moves);
  return state;
}

/// Everything that can fail is tried on boards of its own first.
void load(Session& session, const envs::go::SgfGame& game, int num_moves) {
  std::shared_ptr<const envs::Game> board = session.record().game();
  if (board->name() != "go") throw Failure("this game has no SGF files");
  const envs::ObservationShape shape = board->observation_shape();
  const bool resize = shape.width != game.width || shape.height != game.height;
  if (resize) board = envs::make_game(resized(board->spec(), game.width, game.height));
  sgf_position(*board, game, num_moves);
  if (resize) session.switch_game(board->spec());
  session.start_from(sgf_position(session.game(), game, 0));
  for (int i = 0; i < num_moves; ++i) {
    const envs::go::SgfMove& move = game.moves[static_cast<std::size_t>(i)];
    if (!session.record().play(move.player, move.action)) throw Failure("illegal move");
  }
}

/// GTP counts move_number from 1 and stops before that move.
std::string loadsgf(Session& session, const Args& args) {
  expect_args(args, 1, 2);
  const int move_number = args.size() == 2 ? parse_int(args[1]) : 0;
  try {
    const envs::go::SgfGame game = envs::go::read_sgf(args[0]);
    int num_moves = static_cast<int>(game.moves.size());
    if (move_number > 0) num_moves = std::min(num_moves, move_number - 1);
    load(session, game, num_moves);
  } catch (const std::exception& error) {
    throw Failure(std::string("cannot load file: ") + error.what());
  }
  return session.state().is_terminal() || session.state().current_player() == 0 ? "black" : "white";
}

}  // namespace

void add_setup_commands(Engine& engine, Session& session) {
  engine.add({"boardsize", "N: an empty board of N x N",
              [&session](const Args& args) { return boardsize(session, args); }});
  engine.add({"clear_board", "start a new game", [&session](const Args&) {
                session.clear();
                return "";
              }});
  engine.add({"komi", "POINTS: a multiple of 0.5 (Go)",
              [&session](const Args& args) { return komi(session, args); }});
  engine.add({"loadsgf", "FILE [MOVE_NUMBER]: set up the position before that move (Go)",
              [&session](const Args& args) { return loadsgf(session, args); }});
}

}  // namespace tengen::gtp
