#include <string>

#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

std::string play(Session& session, const Args& args) {
  expect_args(args, 2, 2);
  const int player = parse_colour(args[0]);
  const envs::Action action = session.parse_vertex(args[1]);
  if (!session.record().play(player, action)) throw Failure("illegal move");
  return "";
}

std::string genmove(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  const int player = parse_colour(args[0]);
  const Session::Decision decision = session.decide(player, true);
  if (!decision.action) return "resign";
  if (!session.record().play(player, *decision.action))
    throw Failure("cannot play " + session.vertex(*decision.action));
  return session.vertex(*decision.action);
}

std::string reg_genmove(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  return session.vertex(*session.decide(parse_colour(args[0]), false).action);
}

}  // namespace

void add_play_commands(Engine& engine, Session& session) {
  engine.add({"play", "COLOUR VERTEX: play a move",
              [&session](const Args& args) { return play(session, args); }});
  engine.add({"genmove", "COLOUR: choose a move and play it",
              [&session](const Args& args) { return genmove(session, args); }});
  engine.add({"reg_genmove", "COLOUR: choose a move without playing it",
              [&session](const Args& args) { return reg_genmove(session, args); }});
  engine.add({"undo", "take back the last move", [&session](const Args&) {
                if (!session.record().undo()) throw Failure("cannot undo");
                return "";
              }});
}

}  // namespace tengen::gtp
