#include <string>

#include "engine/base/error.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

/// After a dispute all stones that stay count as alive. That is how Tengen scores always, so the
/// search captures what must go before it passes; it does not resign here.
std::string genmove_cleanup(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  const int player = parse_colour(args[0]);
  const Session::Decision decision = session.decide(player, false);
  if (!session.record().play(player, *decision.action))
    throw Failure("cannot play " + session.vertex(*decision.action));
  return session.vertex(*decision.action);
}

std::string describe_last_move(const Session& session) {
  const auto& decision = session.last_decision();
  if (!decision || decision->search.actions.empty()) return "";
  std::string line;
  for (const envs::Action action : decision->search.principal_variation)
    line += (line.empty() ? "" : " ") + session.vertex(action);
  return fmt::format("winrate {:.1f}%, {} simulations in {:.2f} s, line {}",
                     50 + 50 * decision->search.value, decision->search.simulations,
                     decision->search.seconds, line);
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
  engine.add({"kgs-game_over", "the server's game has ended", [](const Args&) { return ""; }});
  engine.add({"kgs-chat", "game|private NAME MESSAGE: an answer to what people say",
              [&session](const Args& args) { return chat(session, args); }});
  engine.add({"gomill-explain_last_move", "what the last search thought",
              [&session](const Args&) { return describe_last_move(session); }});
}

}  // namespace tengen::gtp
