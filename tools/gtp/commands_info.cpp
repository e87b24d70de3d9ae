#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "envs/go/go_state.hpp"
#include "tools/gtp/board_text.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

const envs::go::GoState* go_state(const Session& session) {
  return dynamic_cast<const envs::go::GoState*>(&session.state());
}

/// Go with every stone alive, or as people agree where friendly passes leave dead ones on the
/// board; other games when they are over.
std::string final_score(const Session& session) {
  double score = 0;
  if (const auto* go = go_state(session)) {
    score = session.config().friendly_pass ? go->agreed_score() : go->score();
  } else {
    if (!session.state().is_terminal()) throw Failure("cannot score");
    score = session.state().returns(0);
  }
  if (score == 0) return "0";
  return fmt::format("{}+{:g}", score > 0 ? "B" : "W", std::abs(score));
}

const envs::go::GoState& require_go_state(const Session& session) {
  const auto* go = go_state(session);
  if (!go) throw Failure("this game has no stones to list");
  return *go;
}

/// The stones that `belongs` says, with a space between them.
std::string stones_of(const Session& session, const std::function<bool(int cell)>& belongs) {
  std::string vertices;
  for (envs::Action cell = 0; cell < require_go_state(session).board().area(); ++cell)
    if (belongs(cell)) vertices += (vertices.empty() ? "" : " ") + session.vertex(cell);
  return vertices;
}

std::string list_stones(const Session& session, const Args& args) {
  expect_args(args, 1, 1);
  const envs::go::Color color = envs::go::color_of_player(parse_colour(args[0]));
  const envs::go::Board& board = require_go_state(session).board();
  return stones_of(session,
                   [&](int cell) { return board.color(board.point_of_cell(cell)) == color; });
}

/// A line of stones for each colour that has some.
std::string final_status_list(const Session& session, const Args& args) {
  using envs::go::Life;
  expect_args(args, 1, 1);
  const auto wanted = args[0] == "alive"  ? Life::kAlive
                      : args[0] == "seki" ? Life::kSeki
                      : args[0] == "dead" ? Life::kDead
                                          : Life::kEmpty;
  if (wanted == Life::kEmpty) throw Failure("syntax error");
  const envs::go::GoState& go = require_go_state(session);
  const std::vector<Life> life = go.life();
  std::string lines;
  for (const int player : {0, 1}) {
    const envs::go::Color color = envs::go::color_of_player(player);
    const std::string line = stones_of(session, [&](int cell) {
      return go.board().color(go.board().point_of_cell(cell)) == color && life[cell] == wanted;
    });
    lines += (lines.empty() || line.empty() ? "" : "\n") + line;
  }
  return lines;
}

/// As KataGo prints it, as far as Tengen's nets go: winrates, the policy as a board and the pass.
std::string raw_nn_under(Session& session, int symmetry) {
  const int player = session.state().current_player();
  const mcts::SearchResult result = session.raw_evaluation(player, symmetry);
  const double white = (1 + (player == 1 ? result.value : -result.value)) / 2;
  std::vector<std::string> priors(static_cast<std::size_t>(session.game().num_actions()), "NAN");
  for (const mcts::ActionStats& action : result.actions)
    priors[static_cast<std::size_t>(action.action)] = fmt::format("{:.6f}", action.prior);
  const bool go = envs::go::as_go(session.game()) != nullptr;
  std::string text =
      fmt::format("symmetry {}\nwhiteWin {:.6f}\nwhiteLoss {:.6f}\nnoResult {:.6f}\n", symmetry,
                  white, 1 - white, 0.0);
  if (!go) return text + fmt::format("policy\n{}", fmt::join(priors, " "));
  const auto prior = [&](int cell) { return priors[static_cast<std::size_t>(cell)]; };
  return text + "policy\n" + board_of(session, prior) + "policyPass " + priors.back();
}

/// The symmetries are numbered as Game numbers them; 0 leaves the board as it is.
std::string raw_nn(Session& session, const Args& args) {
  expect_args(args, 0, 1);
  const int symmetries = session.game().num_symmetries();
  const bool all = !args.empty() && lower_case(args[0]) == "all";
  const int first = all || args.empty() ? 0 : parse_int(args[0]);
  if (first < 0 || first >= symmetries)
    throw Failure(fmt::format("expected a symmetry from 0 to {}, or all", symmetries - 1));
  if (session.state().is_terminal()) throw Failure("game is over");
  std::string text;
  for (int symmetry = first; symmetry < (all ? symmetries : first + 1); ++symmetry)
    text += (text.empty() ? "" : "\n") + raw_nn_under(session, symmetry);
  return text;
}

}  // namespace

void add_info_commands(Engine& engine, Session& session) {
  engine.add({"showboard", "the position, for people", [&session](const Args&) {
                return fmt::format("\n{}", session.state().to_string());
              }});
  engine.add({"list_stones", "COLOUR: the stones on the board (Go)",
              [&session](const Args& args) { return list_stones(session, args); }});
  engine.add({"final_score", "B+SCORE, W+SCORE or 0; Go as the rules score it",
              [&session](const Args&) { return final_score(session); }});
  engine.add(
      {"kata-raw-nn",
       "[0..7|all]: the net's values and policy under a symmetry of the board, without search",
       [&session](const Args& args) { return raw_nn(session, args); }});
  engine.add(
      {"final_status_list",
       "alive|dead|seki: stones by status (Go), judged by Benson's algorithm and random games",
       [&session](const Args& args) { return final_status_list(session, args); }});
}

}  // namespace tengen::gtp
