#include "tools/gtp/engine.hpp"

#include <catch2/catch.hpp>
#include <sstream>
#include <stdexcept>
#include <string>

#include "tests/tools/gtp/dialogue.hpp"

using namespace tengen;
using gtp::Engine;
using gtp::parse_request;

namespace {

/// An engine with one command that repeats its arguments.
std::string run_echo(const std::string& input) {
  Engine engine;
  engine.add({"echo", "WORDS", [](const gtp::Args& args) {
                std::string text;
                for (const std::string& arg : args) text += (text.empty() ? "" : " ") + arg;
                return text;
              }});
  engine.add({"fail", "", [](const gtp::Args&) -> std::string { throw gtp::Failure("no luck"); }});
  engine.add({"lines", "", [](const gtp::Args&) -> std::string { return "\n\na\n\n\nb\n\n"; }});
  std::istringstream in(input);
  std::ostringstream out;
  engine.run(in, out);
  return out.str();
}

}  // namespace

TEST_CASE("A response is framed by its status and an empty line", "[tools][gtp]") {
  CHECK(run_echo("echo hello\n") == "= hello\n\n");
  CHECK(run_echo("echo\n") == "=\n\n");
  CHECK(run_echo("fail\n") == "? no luck\n\n");
  CHECK(run_echo("what\n") == "? unknown command\n\n");
}

TEST_CASE("A response carries the id of its request", "[tools][gtp]") {
  CHECK(run_echo("17 echo hello\n") == "=17 hello\n\n");
  CHECK(run_echo("0 echo\n") == "=0\n\n");
  CHECK(run_echo("23 fail\n") == "?23 no luck\n\n");
  CHECK(run_echo("99999999999999999999 what\n") == "?99999999999999999999 unknown command\n\n");
  CHECK(run_echo("5\n") == "?5 unknown command\n\n");
}

TEST_CASE("Comments and control characters and empty lines are dropped", "[tools][gtp]") {
  CHECK(run_echo("# nothing\n\n   \n\r\n\t\n#\n") == "");
  CHECK(run_echo("echo a\tb  c # d\r\n") == "= a b c\n\n");
  CHECK(run_echo(std::string("e\0c\1h\177o x\n", 10)) == "= x\n\n");
  CHECK(run_echo("echo last line without newline") == "= last line without newline\n\n");
}

TEST_CASE("No response holds an empty line of its own", "[tools][gtp]") {
  CHECK(run_echo("lines\n") == "= \na\nb\n\n");
}

TEST_CASE("A follow-up that throws ends its response and the session goes on", "[tools][gtp]") {
  Engine engine;
  gtp::Command command{"count", "", [](const gtp::Args&) { return ""; }};
  command.follow_up = [](const gtp::Args&, std::ostream& out) {
    out << "one\n";
    throw std::runtime_error("no more numbers");
  };
  engine.add(command);
  std::istringstream in("count\nprotocol_version\n");
  std::ostringstream out;
  engine.run(in, out);
  CHECK(out.str() == "=\none\n\n= 2\n\n");
}

TEST_CASE("Nothing is answered after quit", "[tools][gtp]") {
  CHECK(run_echo("3 quit\necho no\n") == "=3\n\n");
}

TEST_CASE("A line of a megabyte is answered and the session goes on", "[tools][gtp]") {
  const std::string noise(1 << 20, 'x');
  CHECK(run_echo(noise + "\necho on\n") == "? unknown command\n\n= on\n\n");
  CHECK(run_echo("echo " + noise + "\necho on\n") == "= " + noise + "\n\n= on\n\n");
}

TEST_CASE("Every command is listed and known and has help", "[tools][gtp]") {
  gtp::Session session(test::dialogue_config("go:size=5"), test::hash_evaluators());
  Engine engine;
  gtp::add_all_commands(engine, session);
  const std::string list = engine.respond({"", "list_commands", {}});
  for (const auto& [name, command] : engine.commands()) {
    INFO(name);
    CHECK(list.find(name + "\n") != std::string::npos);
    CHECK(engine.respond({"", "known_command", {name}}) == "= true\n\n");
    CHECK_FALSE(command.help.empty());
  }
  CHECK(engine.respond({"", "known_command", {"nonsense"}}) == "= false\n\n");
  CHECK(engine.respond({"", "known_command", {}}) == "= false\n\n");
}

TEST_CASE("The commands that GTP and Tengen promise are there", "[tools][gtp]") {
  for (const char* name : {"protocol_version",
                           "name",
                           "version",
                           "known_command",
                           "list_commands",
                           "quit",
                           "boardsize",
                           "clear_board",
                           "komi",
                           "play",
                           "genmove",
                           "undo",
                           "showboard",
                           "final_score",
                           "time_settings",
                           "time_left",
                           "kgs-time_settings",
                           "loadsgf",
                           "fixed_handicap",
                           "place_free_handicap",
                           "set_free_handicap",
                           "reg_genmove",
                           "list_stones",
                           "final_status_list",
                           "tengen-game",
                           "lz-analyze"})
    CHECK(test::converse(std::string("known_command ") + name + "\n") == "= true\n\n");
}

TEST_CASE("Numbers in requests are whole arguments", "[tools][gtp]") {
  CHECK(gtp::parse_int("-12") == -12);
  CHECK(gtp::parse_double("6.5") == 6.5);
  for (const char* text : {"", "x", "1x", "1.5", "99999999999"})
    CHECK_THROWS_AS(gtp::parse_int(text), gtp::Failure);
  for (const char* text : {"", "x", "6,5", "nan", "inf", "1e999"})
    CHECK_THROWS_AS(gtp::parse_double(text), gtp::Failure);
}
