#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"
#include "tools/version.hpp"

namespace tengen::gtp {

void add_admin_commands(Engine& engine, Session& session) {
  engine.add({"name", "the engine's name",
              [&session](const Args&) { return session.config().engine_name; }});
  engine.add({"version", "the engine's version", [](const Args&) { return tools::kVersion; }});
  engine.add({"tengen-game", "[GAME]: show the game, or start another (see tengen games)",
              [&session](const Args& args) {
                expect_args(args, 0, 1);
                if (!args.empty()) session.switch_game(args[0]);
                return session.game().spec();
              }});
}

void add_all_commands(Engine& engine, Session& session) {
  add_admin_commands(engine, session);
  add_setup_commands(engine, session);
  add_handicap_commands(engine, session);
  add_play_commands(engine, session);
  add_clock_commands(engine, session);
  add_info_commands(engine, session);
  add_analysis_commands(engine, session);
}

}  // namespace tengen::gtp
