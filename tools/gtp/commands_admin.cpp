#include <charconv>
#include <cstdint>
#include <ctime>
#include <string>

#include "engine/base/error.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"
#include "tools/version.hpp"

namespace tengen::gtp {

namespace {

/// Of the whole process, all threads together.
std::string cpu_seconds() {
  return fmt::format("{:.3f}", static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
}

std::string describe_engine(const Session& session) {
  return fmt::format("{} {}\n{}", session.config().engine_name, tools::kVersion,
                     session.game().spec());
}

/// As wide as --seed.
std::uint64_t parse_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seed);
  if (error != std::errc() || stop != end) throw Failure("syntax error");
  return seed;
}

std::string set_seed(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  session.set_seed(parse_seed(args[0]));
  return "";
}

}  // namespace

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
  engine.add({"gomill-describe_engine", "the engine and what it plays",
              [&session](const Args&) { return describe_engine(session); }});
  engine.add({"cputime", "seconds of the CPU, all threads together",
              [](const Args&) { return cpu_seconds(); }});
  engine.add({"gomill-cpu_time", "as cputime", [](const Args&) { return cpu_seconds(); }});
  engine.add({"get_random_seed", "the seed",
              [&session](const Args&) { return std::to_string(session.config().seed); }});
  engine.add({"set_random_seed", "N: start all random numbers anew",
              [&session](const Args& args) { return set_seed(session, args); }});
  engine.add({"clear_cache", "forget the search tree and all evaluations", [&session](const Args&) {
                session.clear_cache();
                return "";
              }});
  // The line itself has ended it.
  engine.add({"stop", "end an analysis, as any line does", [](const Args&) { return ""; }});
}

void add_all_commands(Engine& engine, Session& session) {
  add_admin_commands(engine, session);
  add_setup_commands(engine, session);
  add_sgf_commands(engine, session);
  add_rules_commands(engine, session);
  add_handicap_commands(engine, session);
  add_play_commands(engine, session);
  add_clock_commands(engine, session);
  add_info_commands(engine, session);
  add_analysis_commands(engine, session);
  add_gogui_commands(engine, session);
  add_server_commands(engine, session);
  add_parameter_commands(engine, session);
  engine.on_interrupt([&session](bool wanted) { session.interrupt(wanted); });
  engine.on_idle([&engine, &session] { session.ponder(engine.input_waiting()); });
}

}  // namespace tengen::gtp
