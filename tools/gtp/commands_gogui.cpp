#include <algorithm>
#include <cctype>
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

int side_to_move(const Session& session) {
  if (session.state().is_terminal()) throw Failure("game is over");
  return session.state().current_player();
}

/// COLOUR VERTEX pairs.
std::vector<GameRecord::Move> parse_moves(const Session& session, const Args& args) {
  if (args.size() % 2 != 0) throw Failure("syntax error");
  std::vector<GameRecord::Move> moves;
  for (std::size_t i = 0; i < args.size(); i += 2)
    moves.push_back({parse_colour(args[i]), session.parse_vertex(args[i + 1])});
  return moves;
}

/// All or nothing, as GoGui expects.
std::string play_sequence(Session& session, const Args& args) {
  GameRecord& record = session.record();
  const std::vector<GameRecord::Move> moves = parse_moves(session, args);
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (record.play(moves[i].player, moves[i].action)) continue;
    record.undo(i);
    throw Failure("illegal move");
  }
  return "";
}

/// Starts from these stones with Black to move.
std::string set_up(Session& session, const Args& args) {
  std::unique_ptr<envs::State> start = session.record().start().clone();
  envs::go::GoState* go = envs::go::as_go(*start);
  if (!go) throw Failure("this game has no set-up stones");
  std::vector<envs::Action> stones[2];
  for (const auto& [player, action] : parse_moves(session, args)) {
    if (action == go->go_game().pass_action()) throw Failure("syntax error");
    stones[player].push_back(action);
  }
  try {
    go->set_up(stones[0], stones[1], 0);
  } catch (const std::invalid_argument& error) {
    throw Failure(error.what());
  }
  session.start_from(std::move(start));
  return "";
}

/// The side to move after gogui-setup.
std::string set_player(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  std::unique_ptr<envs::State> start = session.record().start().clone();
  envs::go::GoState* go = envs::go::as_go(*start);
  if (!go || !session.record().moves().empty()) throw Failure("only after gogui-setup");
  go->set_up_to_move(parse_colour(args[0]));
  session.start_from(std::move(start));
  return "";
}

// Colour maps -----------------------------------------------------------------------------------

/// The share of each action, relative to the largest, as colours; a pass is not on the board.
std::string heat_board(const Session& session, const mcts::SearchResult& result,
                       double (*share)(const mcts::ActionStats&)) {
  std::vector<double> shares(static_cast<std::size_t>(session.game().num_actions()));
  for (const mcts::ActionStats& action : result.actions)
    shares[static_cast<std::size_t>(action.action)] = share(action);
  const double most = *std::max_element(shares.begin(), shares.end());
  const bool points = session.game().num_actions() >= session.game().observation_shape().cells();
  if (!points) throw Failure("the moves of this game are not points of the board");
  return board_of(session, [&](int cell) {
    return heat_colour(most > 0 ? shares[static_cast<std::size_t>(cell)] / most : 0);
  });
}

std::string policy_map(Session& session) {
  return heat_board(session, session.raw_evaluation(side_to_move(session)),
                    [](const mcts::ActionStats& action) { return double{action.prior}; });
}

std::string visits_map(Session& session) {
  return heat_board(session, session.search_position(side_to_move(session)),
                    [](const mcts::ActionStats& action) { return double(action.visits); });
}

/// The value of each visited move for the side to move: red wins, pale loses.
std::string value_map(Session& session) {
  return heat_board(session, session.search_position(side_to_move(session)),
                    [](const mcts::ActionStats& action) {
                      return action.visits > 0 ? (1.0 + action.q) / 2 : 0.0;
                    });
}

/// 1 Black's to -1 White's.
std::string ownership_map(const Session& session) {
  const envs::go::GoState* go = envs::go::as_go(session.state());
  if (!go) throw Failure("this game has no ownership");
  const std::vector<double> owners = session.ownership().owners(*go);
  return board_of(session, [&](int cell) {
    return fmt::format("{:.3f}", owners[static_cast<std::size_t>(cell)]);
  });
}

std::string winrate_text(Session& session) {
  const mcts::SearchResult result = session.search_position(side_to_move(session));
  return fmt::format("{:.4f} for the side to move after {} simulations", (1 + result.value) / 2,
                     result.simulations);
}

constexpr const char* kAnalyzeCommands =
    "cboard/Policy of the net/tengen-policy\n"
    "cboard/Visits of the search/tengen-visits\n"
    "cboard/Value of the moves/tengen-value\n"
    "dboard/Ownership/tengen-ownership\n"
    "string/Winrate/tengen-winrate\n"
    "param/Parameters/tengen-param\n";

void add_maps(Engine& engine, Session& session) {
  engine.add({"gogui-analyze_commands", "what GoGui can show",
              [](const Args&) { return kAnalyzeCommands; }});
  engine.add({"tengen-policy", "the net's policy as colours of the board",
              [&session](const Args&) { return policy_map(session); }});
  engine.add({"tengen-visits", "the visits of a search as colours of the board",
              [&session](const Args&) { return visits_map(session); }});
  engine.add({"tengen-value", "the winrates of the moves as colours of the board",
              [&session](const Args&) { return value_map(session); }});
  engine.add(
      {"tengen-ownership",
       "1 Black to -1 White for each point, by the net's ownership head or random games (Go)",
       [&session](const Args&) { return ownership_map(session); }});
  engine.add({"tengen-winrate", "the winrate of the side to move, by a search",
              [&session](const Args&) { return winrate_text(session); }});
}

// Rules, for GoGui as a board of any game -------------------------------------------------------

/// "connect_four" as GoGui wants it: "Connectfour".
std::string game_id(const Session& session) {
  std::string id;
  for (const char c : session.game().name())
    if (std::isalpha(static_cast<unsigned char>(c))) id += c;
  id[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(id[0])));
  return id;
}

std::string board_size(const Session& session) {
  const envs::ObservationShape shape = session.game().observation_shape();
  if (shape.width == shape.height) return std::to_string(shape.width);
  return fmt::format("{} {}", shape.width, shape.height);
}

/// Empty in a game that is over.
std::string legal_moves(const Session& session) {
  std::vector<envs::Action> actions;
  if (!session.state().is_terminal()) session.state().legal_actions(actions);
  std::string text;
  for (const envs::Action action : actions)
    text += (text.empty() ? "" : " ") + session.vertex(action);
  return text;
}

std::string final_result(const Session& session) {
  if (!session.state().is_terminal()) return "The game goes on";
  const float black = session.state().returns(0);
  return black > 0 ? "Black wins" : black < 0 ? "White wins" : "Draw";
}

void add_rules(Engine& engine, Session& session) {
  engine.add({"gogui-rules_game_id", "the game's name for GoGui",
              [&session](const Args&) { return game_id(session); }});
  engine.add({"gogui-rules_board", "the stones, row by row",
              [&session](const Args&) { return stones_board(session); }});
  engine.add({"gogui-rules_board_size", "SIZE, or WIDTH HEIGHT",
              [&session](const Args&) { return board_size(session); }});
  engine.add({"gogui-rules_side_to_move", "black or white",
              [&session](const Args&) { return side_to_move(session) == 0 ? "black" : "white"; }});
  engine.add({"gogui-rules_legal_moves", "all of them; none when the game is over",
              [&session](const Args&) { return legal_moves(session); }});
  engine.add({"gogui-rules_final_result", "who has won",
              [&session](const Args&) { return final_result(session); }});
}

}  // namespace

void add_gogui_commands(Engine& engine, Session& session) {
  engine.add({"gogui-play_sequence", "COLOUR VERTEX COLOUR VERTEX...: play all moves or none",
              [&session](const Args& args) { return play_sequence(session, args); }});
  engine.add({"gogui-setup", "COLOUR VERTEX COLOUR VERTEX...: start from these stones (Go)",
              [&session](const Args& args) { return set_up(session, args); }});
  engine.add({"gogui-setup_player", "COLOUR: the side to move after gogui-setup (Go)",
              [&session](const Args& args) { return set_player(session, args); }});
  engine.add({"gogui-interrupt", "the comment \"# interrupt\" ends the search in progress",
              [](const Args&) { return ""; }});
  add_maps(engine, session);
  add_rules(engine, session);
}

}  // namespace tengen::gtp
