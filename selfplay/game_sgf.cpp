#include "selfplay/game_sgf.hpp"

#include "envs/go/go_game.hpp"
#include "envs/go/sgf.hpp"

namespace tengen::selfplay {

namespace {

std::string result_text(const SgfInfo& info) {
  if (info.result == 0) return "0";
  return std::string(info.result > 0 ? "B+" : "W+") + (info.resigned ? "R" : "");
}

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string property(const char* name, const std::string& value) {
  return value.empty() ? "" : std::string(name) + "[" + escaped(value) + "]";
}

std::string go_to_sgf(const envs::go::GoGame& game, std::span<const envs::Action> actions,
                      const SgfInfo& info) {
  envs::go::SgfGame sgf;
  sgf.width = game.rules().width;
  sgf.height = game.rules().height;
  sgf.komi = game.rules().komi();
  sgf.black_name = info.black;
  sgf.white_name = info.white;
  sgf.result = result_text(info);
  sgf.rules = "Chinese";
  sgf.date = info.date;
  int player = 0;
  for (envs::Action action : actions) {
    sgf.moves.push_back({player, action});
    player = 1 - player;
  }
  return envs::go::write_sgf(sgf);
}

}  // namespace

std::string game_to_sgf(const envs::Game& game, std::span<const envs::Action> actions,
                        const SgfInfo& info) {
  if (const auto* go = envs::go::as_go(game)) return go_to_sgf(*go, actions, info);
  std::string sgf = "(;FF[4]" + property("GN", game.spec()) + property("PB", info.black) +
                    property("PW", info.white) + property("DT", info.date) +
                    property("RE", result_text(info)) + "\n";
  const auto state = game.new_initial_state();
  for (envs::Action action : actions) {
    sgf += (state->current_player() == 0 ? ";B[" : ";W[") + escaped(game.action_to_string(action)) +
           "]";
    state->apply(action);
  }
  return sgf + ")\n";
}

}  // namespace tengen::selfplay
