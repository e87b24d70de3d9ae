#include <stdexcept>
#include <string>

#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "envs/go/go_state.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

std::string resize(Session& session, int width, int height) {
  const envs::ObservationShape shape = session.game().observation_shape();
  const bool go = session.game().name() == "go";
  // Other games have the size they have; GTP's size is their width.
  if (shape.width == width && (shape.height == height || !go)) {
    session.clear();
    return "";
  }
  if (!go) throw Failure("unacceptable size");
  try {
    session.resize(width, height);
  } catch (const std::exception& error) {  // out of bounds, or a net of another size
    spdlog::warn("boardsize {} {}: {}", width, height, error.what());
    throw Failure("unacceptable size");
  }
  return "";
}

/// One side, or as KataGo width and height.
std::string boardsize(Session& session, const Args& args) {
  expect_args(args, 1, 2);
  return resize(session, parse_int(args.front()), parse_int(args.back()));
}

std::string rectangular_boardsize(Session& session, const Args& args) {
  expect_args(args, 2, 2);
  return resize(session, parse_int(args[0]), parse_int(args[1]));
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

}  // namespace

void add_setup_commands(Engine& engine, Session& session) {
  engine.add({"boardsize", "N: an empty board of N x N; or WIDTH HEIGHT",
              [&session](const Args& args) { return boardsize(session, args); }});
  engine.add({"rectangular_boardsize", "WIDTH HEIGHT: an empty board (Go)",
              [&session](const Args& args) { return rectangular_boardsize(session, args); }});
  engine.add({"clear_board", "start a new game", [&session](const Args&) {
                session.clear();
                return "";
              }});
  engine.add({"komi", "POINTS: a multiple of 0.5 (Go)",
              [&session](const Args& args) { return komi(session, args); }});
  engine.add({"get_komi", "the komi (Go)", [&session](const Args&) {
                const envs::go::GoState* go = envs::go::as_go(session.state());
                if (!go) throw Failure("this game has no komi");
                return fmt::format("{:.1f}", go->komi());
              }});
}

}  // namespace tengen::gtp
