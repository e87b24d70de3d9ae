#include "selfplay/game_sgf.hpp"

#include <spdlog/fmt/fmt.h>

#include <cmath>

#include "envs/go/go_game.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/rule_names.hpp"
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

/// With the score, where it is what decided.
std::string result_of(const envs::go::GoState& end, const SgfInfo& info) {
  const double score = end.score();
  if (!end.is_terminal() || info.resigned || score * info.result <= 0) return result_text(info);
  return fmt::format("{}+{:g}", score > 0 ? "B" : "W", std::abs(score));
}

std::string go_to_sgf(const envs::go::GoGame& game, std::span<const envs::Action> actions,
                      const SgfInfo& info) {
  envs::go::GoState state(game);
  for (const envs::Action action : actions) state.apply(action);
  envs::go::SgfGame header;
  header.black_name = info.black;
  header.white_name = info.white;
  header.result = result_of(state, info);
  header.rules = envs::go::rules_to_sgf({.rules = game.rules()});
  header.date = info.date;
  return envs::go::write_sgf(envs::go::to_sgf(state, header));
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
