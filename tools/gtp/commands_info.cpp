#include <cmath>
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

/// Go is scored by area as the board stands, every stone alive; other games when they are over.
std::string final_score(const Session& session) {
  double score = 0;
  if (const auto* go = go_state(session)) {
    score = go->score();
  } else {
    if (!session.state().is_terminal()) throw Failure("cannot score");
    score = session.state().returns(0);
  }
  if (score == 0) return "0";
  return fmt::format("{}+{:g}", score > 0 ? "B" : "W", std::abs(score));
}

std::string stones_of(const Session& session, envs::go::Color color) {
  const auto* go = go_state(session);
  if (!go) throw Failure("this game has no stones to list");
  std::string vertices;
  const envs::go::Board& board = go->board();
  for (envs::Action cell = 0; cell < go->go_game().pass_action(); ++cell)
    if (board.color(board.point_of_cell(cell)) == color) vertices += session.vertex(cell) + " ";
  if (!vertices.empty()) vertices.pop_back();
  return vertices;
}

std::string list_stones(const Session& session, const Args& args) {
  expect_args(args, 1, 1);
  return stones_of(session, envs::go::color_of_player(parse_colour(args[0])));
}

/// Scoring takes no stone for dead, so all are alive and none are dead or in seki.
std::string final_status_list(const Session& session, const Args& args) {
  expect_args(args, 1, 1);
  if (args[0] == "dead" || args[0] == "seki") return "";
  if (args[0] != "alive") throw Failure("syntax error");
  const std::string black = stones_of(session, envs::go::Color::kBlack);
  const std::string white = stones_of(session, envs::go::Color::kWhite);
  return black + (black.empty() || white.empty() ? "" : "\n") + white;
}

/// As KataGo prints it, as far as Tengen's nets go: winrates, the policy as a board and the pass.
std::string raw_nn(Session& session, const Args& args) {
  expect_args(args, 0, 1);
  if (!args.empty() && args[0] != "0") throw Failure("only symmetry 0 is supported");
  if (session.state().is_terminal()) throw Failure("game is over");
  const int player = session.state().current_player();
  const mcts::SearchResult result = session.raw_evaluation(player);
  const double white = (1 + (player == 1 ? result.value : -result.value)) / 2;
  std::vector<std::string> priors(static_cast<std::size_t>(session.game().num_actions()), "NAN");
  for (const mcts::ActionStats& action : result.actions)
    priors[static_cast<std::size_t>(action.action)] = fmt::format("{:.6f}", action.prior);
  const bool go = envs::go::as_go(session.game()) != nullptr;
  std::string text = fmt::format("symmetry 0\nwhiteWin {:.6f}\nwhiteLoss {:.6f}\nnoResult {:.6f}\n",
                                 white, 1 - white, 0.0);
  if (!go) return text + fmt::format("policy\n{}", fmt::join(priors, " "));
  const auto prior = [&](int cell) { return priors[static_cast<std::size_t>(cell)]; };
  return text + "policy\n" + board_of(session, prior) + "policyPass " + priors.back();
}

}  // namespace

void add_info_commands(Engine& engine, Session& session) {
  engine.add({"showboard", "the position, for people", [&session](const Args&) {
                return fmt::format("\n{}", session.state().to_string());
              }});
  engine.add({"list_stones", "COLOUR: the stones on the board (Go)",
              [&session](const Args& args) { return list_stones(session, args); }});
  engine.add({"final_score", "B+SCORE, W+SCORE or 0; Go by area, every stone alive",
              [&session](const Args&) { return final_score(session); }});
  engine.add({"kata-raw-nn", "[0]: the net's values and policy, without search",
              [&session](const Args& args) { return raw_nn(session, args); }});
  engine.add({"final_status_list", "alive|dead|seki: stones by status (Go); all are alive",
              [&session](const Args& args) { return final_status_list(session, args); }});
}

}  // namespace tengen::gtp
