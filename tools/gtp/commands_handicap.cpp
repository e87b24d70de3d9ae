#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "envs/go/go_state.hpp"
#include "envs/go/handicap.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

const envs::go::GoState& empty_go_board(const Session& session) {
  const auto* go = dynamic_cast<const envs::go::GoState*>(&session.state());
  if (!go) throw Failure("this game has no handicap");
  const auto stones = go->setup_stones();
  const bool any = std::any_of(stones.begin(), stones.end(), [](envs::go::Color color) {
    return color != envs::go::Color::kEmpty;
  });
  if (any || go->ply() > 0) throw Failure("board not empty");
  return *go;
}

/// Throws std::invalid_argument if the points are no handicap.
std::string place(Session& session, const std::vector<envs::Action>& points) {
  std::unique_ptr<envs::State> start = session.record().start().clone();
  envs::go::as_go(*start)->place_handicap(points);
  session.start_from(std::move(start));
  std::string vertices;
  for (const envs::Action point : points) vertices += session.vertex(point) + " ";
  if (!vertices.empty()) vertices.pop_back();
  return vertices;
}

/// `shrink`: place as many as there are fixed points for, as place_free_handicap allows.
std::string fixed_handicap(Session& session, const Args& args, bool shrink) {
  expect_args(args, 1, 1);
  int stones = parse_int(args[0]);
  const envs::go::GoState& go = empty_go_board(session);
  const envs::ObservationShape shape = go.game().observation_shape();
  const int most = envs::go::max_fixed_handicap(shape.width, shape.height);
  if (shrink && stones < shape.cells()) stones = std::min(stones, most);
  if (stones < 2 || stones > most) throw Failure("invalid number of stones");
  return place(session, envs::go::fixed_handicap(shape.width, shape.height, stones));
}

std::string set_free_handicap(Session& session, const Args& args) {
  const envs::go::GoState& go = empty_go_board(session);
  std::vector<envs::Action> points;
  for (const std::string& text : args) {
    const auto action = go.game().parse_action(text);
    const bool repeated = action && std::count(points.begin(), points.end(), *action) > 0;
    if (!action || *action == go.go_game().pass_action() || repeated)
      throw Failure("bad vertex list");
    points.push_back(*action);
  }
  if (points.size() < 2) throw Failure("bad vertex list");
  try {
    place(session, points);
  } catch (const std::invalid_argument&) {
    throw Failure("bad vertex list");
  }
  return "";
}

}  // namespace

void add_handicap_commands(Engine& engine, Session& session) {
  engine.add({"fixed_handicap", "STONES: on the usual points (Go)",
              [&session](const Args& args) { return fixed_handicap(session, args, false); }});
  engine.add({"place_free_handicap", "STONES: where the engine likes: the usual points (Go)",
              [&session](const Args& args) { return fixed_handicap(session, args, true); }});
  engine.add({"set_free_handicap", "VERTEX VERTEX...: black stones before white's first move (Go)",
              [&session](const Args& args) { return set_free_handicap(session, args); }});
}

}  // namespace tengen::gtp
