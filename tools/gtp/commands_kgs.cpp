#include <string>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/pass_policy.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

/// Where the opponent has dead stones, the moves that take their liberties.
std::vector<Restriction> cleanup_restrictions(const Session& session, int player) {
  const auto position = session.position_or_null(player);
  const envs::go::GoState* go = position ? envs::go::as_go(*position) : nullptr;
  if (!go || go->is_terminal()) return {};
  const std::vector<envs::Action> moves = cleanup_moves(*go);
  if (moves.empty()) return {};
  return {{.player = player, .actions = moves, .allow = true, .plies = 1}};
}

/// Play after a dispute, in which all stones that stay count as alive: what is dead is captured
/// before the pass.
class Cleanup {
 public:
  Cleanup(Session& session, int player) : session_(session), config_(session.config()) {
    SessionConfig strict = config_;
    strict.friendly_pass = false;
    session_.set_config(strict);
    session_.restrict(cleanup_restrictions(session, player));
  }
  ~Cleanup() {
    session_.restrict({});
    session_.set_config(config_);
  }
  Cleanup(const Cleanup&) = delete;
  Cleanup& operator=(const Cleanup&) = delete;

 private:
  Session& session_;
  const SessionConfig config_;
};

Session::Decision decide_in_cleanup(Session& session, int player) {
  const Stopwatch watch;  // looking for dead stones takes time as well
  const Cleanup cleanup(session, player);
  return session.decide(player, false, 0, nullptr, watch);
}

std::string genmove_cleanup(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  const int player = parse_colour(args[0]);
  const Session::Decision decision = decide_in_cleanup(session, player);
  if (!session.record().play(player, *decision.action))
    throw Failure("cannot play " + session.vertex(*decision.action));
  return session.vertex(*decision.action);
}

std::string describe_last_move(const Session& session) {
  const auto& decision = session.last_decision();
  if (!decision || decision->search.actions.empty()) return "";
  return fmt::format("winrate {:.1f}%, {} simulations in {:.2f} s, line {}",
                     50 + 50 * decision->search.value, decision->search.simulations,
                     decision->search.seconds,
                     session.line_text(decision->search.principal_variation));
}

/// "kgs-chat game|private NAME MESSAGE": the answer is what the engine says.
std::string chat(const Session& session, const Args& args) {
  if (args.size() < 2 || (args[0] != "game" && args[0] != "private")) throw Failure("syntax error");
  const std::string last = describe_last_move(session);
  return "This is " + session.config().engine_name + ", a Go program" +
         (last.empty() ? "." : "; my last search: " + last + ".");
}

}  // namespace

void add_server_commands(Engine& engine, Session& session) {
  engine.add({"kgs-genmove_cleanup", "COLOUR: genmove that captures dead stones before it passes",
              [&session](const Args& args) { return genmove_cleanup(session, args); }});
  engine.add({"kgs-game_over", "the server's game has ended", [&session](const Args&) {
                session.expect_no_reply();
                return "";
              }});
  engine.add({"kgs-chat", "game|private NAME MESSAGE: an answer to what people say",
              [&session](const Args& args) { return chat(session, args); }});
  engine.add({"gomill-explain_last_move", "what the last search thought",
              [&session](const Args&) { return describe_last_move(session); }});
}

}  // namespace tengen::gtp
