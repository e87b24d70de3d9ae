#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "engine/base/error.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/sgf.hpp"
#include "envs/registry.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

std::unique_ptr<envs::State> sgf_position(const envs::Game& board, const envs::go::SgfGame& game,
                                          int num_moves) {
  std::unique_ptr<envs::State> state = board.new_initial_state();
  envs::go::load_sgf(game, *envs::go::as_go(*state), num_moves);
  return state;
}

/// Everything that can fail is tried on boards of its own first.
void load(Session& session, const envs::go::SgfGame& game) {
  std::shared_ptr<const envs::Game> board = session.record().game();
  if (board->name() != "go") throw Failure("this game has no SGF files");
  const envs::ObservationShape shape = board->observation_shape();
  const bool resize = shape.width != game.width || shape.height != game.height;
  if (resize) board = envs::make_game(resized_go(board->spec(), game.width, game.height));
  sgf_position(*board, game, -1);
  if (resize) session.switch_game(board->spec());
  session.start_from(sgf_position(session.game(), game, 0));
  for (const envs::go::SgfMove& move : game.moves)
    if (!session.record().play(move.player, move.action)) throw Failure("illegal move");
}

/// GTP counts move_number from 1 and stops before that move.
std::string loadsgf(Session& session, const Args& args) {
  expect_args(args, 1, 2);
  const int move_number = args.size() == 2 ? parse_int(args[1]) : 0;
  try {
    load(session, envs::go::read_sgf(args[0], move_number > 0 ? move_number - 1 : -1));
  } catch (const std::exception& error) {
    throw Failure(std::string("cannot load file: ") + error.what());
  }
  return session.state().is_terminal() || session.state().current_player() == 0 ? "black" : "white";
}

/// The text itself, or into a file.
std::string printsgf(const Session& session, const Args& args) {
  expect_args(args, 0, 1);
  const envs::go::GoState* go = envs::go::as_go(session.state());
  if (!go) throw Failure("this game has no SGF files");
  const std::string text = envs::go::write_sgf(envs::go::to_sgf(*go));
  if (args.empty() || args[0] == "-") return text;
  if (!(std::ofstream(args[0], std::ios::binary) << text).flush())
    throw Failure("cannot write " + args[0]);
  return "";
}

}  // namespace

void add_sgf_commands(Engine& engine, Session& session) {
  engine.add({"loadsgf", "FILE [MOVE_NUMBER]: set up the position before that move (Go)",
              [&session](const Args& args) { return loadsgf(session, args); }});
  engine.add({"printsgf", "[FILE]: the game so far (Go)",
              [&session](const Args& args) { return printsgf(session, args); }});
}

}  // namespace tengen::gtp
