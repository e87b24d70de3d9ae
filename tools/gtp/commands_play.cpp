#include <memory>
#include <optional>
#include <string>
#include <vector>

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
  session.answer_with(player, *decision.action);
  return session.vertex(*decision.action);
}

/// As genmove, but the move is not played.
std::string search(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  const Session::Decision decision = session.decide(parse_colour(args[0]), true);
  return decision.action ? session.vertex(*decision.action) : "resign";
}

std::string reg_genmove(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  return session.vertex(*session.decide(parse_colour(args[0]), false).action);
}

/// Takes back that many moves, or none if there are not as many.
std::string undo(Session& session, int count) {
  if (count < 0 || !session.record().undo(static_cast<std::size_t>(count)))
    throw Failure("cannot undo");
  return "";
}

bool is_legal(const Session& session, int player, envs::Action action) {
  const std::unique_ptr<envs::State> position = session.position_or_null(player);
  return position && position->is_legal(action);
}

/// Without the pass, as GNU Go lists them.
std::string all_legal(const Session& session, const Args& args) {
  expect_args(args, 1, 1);
  std::vector<envs::Action> actions;
  if (const auto position = session.position_or_null(parse_colour(args[0])))
    position->legal_actions(actions);
  const std::optional<envs::Action> pass = session.game().parse_action("pass");
  std::string text;
  for (const envs::Action action : actions)
    if (action != pass) text += (text.empty() ? "" : " ") + session.vertex(action);
  return text;
}

}  // namespace

void add_play_commands(Engine& engine, Session& session) {
  engine.add({"play", "COLOUR VERTEX: play a move",
              [&session](const Args& args) { return play(session, args); }});
  engine.add({"genmove", "COLOUR: choose a move and play it",
              [&session](const Args& args) { return genmove(session, args); }});
  engine.add({"reg_genmove", "COLOUR: choose a move without playing it",
              [&session](const Args& args) { return reg_genmove(session, args); }});
  engine.add({"kata-search", "COLOUR: as genmove, without playing the move",
              [&session](const Args& args) { return search(session, args); }});
  engine.add({"undo", "take back the last move; the next search starts anew",
              [&session](const Args&) { return undo(session, 1); }});
  engine.add({"gg-undo", "[N]: take back N moves", [&session](const Args& args) {
                expect_args(args, 0, 1);
                return undo(session, args.empty() ? 1 : parse_int(args[0]));
              }});
  engine.add({"is_legal", "COLOUR VERTEX: 1 or 0", [&session](const Args& args) {
                expect_args(args, 2, 2);
                const envs::Action action = session.parse_vertex(args[1]);
                return is_legal(session, parse_colour(args[0]), action) ? "1" : "0";
              }});
  engine.add({"all_legal", "COLOUR: all legal moves but the pass",
              [&session](const Args& args) { return all_legal(session, args); }});
}

}  // namespace tengen::gtp
