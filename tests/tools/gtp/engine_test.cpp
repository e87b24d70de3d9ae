#include "tools/gtp/engine.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include "tests/tools/gtp/dialogue.hpp"
#include "tests/tools/gtp/open_input.hpp"
#include "tools/gtp/line_reader.hpp"

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

TEST_CASE("Bytes that are no text change nothing", "[tools][gtp]") {
  using namespace std::string_literals;
  CHECK(run_echo("\0\0\n\0echo\0 a\0b\0\n\0"s) == "= ab\n\n");
  CHECK(run_echo("\r\n\r\necho a\rb\r\n") == "= ab\n\n");
  CHECK(run_echo("7\techo\ta\n") == "=7 a\n\n");
  CHECK(run_echo("echo \xC3\xBC\xFF\n") == "= \xC3\xBC\xFF\n\n");
  CHECK(run_echo(std::string(1 << 20, '\0') + "\necho on\n") == "= on\n\n");
  CHECK(run_echo(std::string(1 << 20, '#') + "\necho on\n") == "= on\n\n");
}

TEST_CASE("An interrupt is reported when it is read", "[tools][gtp]") {
  for (const auto& [line, count] : std::map<std::string, int>{{"# interrupt", 1},
                                                              {"#interrupt\r", 1},
                                                              {"  #  interrupt  ", 1},
                                                              {"# interrupted", 0},
                                                              {"interrupt", 0},
                                                              {"# an interrupt", 0}}) {
    CAPTURE(line);
    Engine engine;
    int interrupts = 0;
    engine.on_interrupt([&interrupts](bool wanted) { interrupts += wanted; });
    std::istringstream in("protocol_version\n" + line + "\n");
    std::ostringstream out;
    engine.run(in, out);
    CHECK(interrupts == count);
  }
}

TEST_CASE("A line without a request is waiting input", "[tools][gtp]") {
  for (const char* line : {"\n", "# comment\n", "name\n"}) {
    test::OpenInput input(std::string("first\n") + line);
    std::istream in(&input);
    gtp::LineReader reader(in);
    CHECK(reader.next()->command == "first");
    input.wait_until_read();
    CHECK(reader.waiting());  // while the input is still open
    input.close();
  }
}

TEST_CASE("An interrupt ends a move that would take an hour", "[tools][gtp]") {
  gtp::SessionConfig config = test::dialogue_config("go:size=5");
  config.limits = {0, 3600};
  test::OpenInput input("genmove b\n");
  gtp::Session session(config, test::counting_evaluators([&input](int evaluations) {
                         if (evaluations == 100) input.type("# interrupt\nquit\n");
                       }));
  Engine engine;
  gtp::add_all_commands(engine, session);
  std::istream in(&input);
  std::ostringstream out;
  engine.run(in, out);
  CHECK(out.str().rfind("= ", 0) == 0);
  CHECK(session.record().moves().size() == 1);
}

TEST_CASE("An interrupt is for the request before it though nobody began to answer it",
          "[tools][gtp]") {
  bool interrupted = false;
  test::OpenInput input("# interrupt\nfirst\nsecond\n# interrupt\n");
  std::istream in(&input);
  gtp::LineReader reader(in, [&interrupted](bool wanted) { interrupted = wanted; });
  input.close();
  while (reader.next()) {
  }
  CHECK(interrupted);
  test::OpenInput early("# interrupt\nfirst\n");
  std::istream early_in(&early);
  gtp::LineReader early_reader(early_in, [&interrupted](bool wanted) { interrupted = wanted; });
  CHECK(early_reader.next()->command == "first");
  CHECK_FALSE(interrupted);
  early.close();
}

TEST_CASE("An interrupt is not for the request behind it", "[tools][gtp]") {
  bool interrupted = false;
  test::OpenInput input("first\n");
  std::istream in(&input);
  gtp::LineReader reader(in, [&interrupted](bool wanted) { interrupted = wanted; });
  CHECK(reader.next()->command == "first");  // answered by now: nothing else is asked for
  input.type("# interrupt\nsecond\n");
  input.wait_until_read();
  CHECK(reader.next()->command == "second");
  CHECK_FALSE(interrupted);
  input.close();
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
                           "lz-analyze",
                           "kata-analyze",
                           "lz-genmove_analyze",
                           "kata-genmove_analyze",
                           "cgos-genmove_analyze",
                           "kata-set-rules",
                           "kata-get-rules",
                           "kata-raw-nn",
                           "kgs-rules",
                           "kgs-genmove_cleanup",
                           "kgs-game_over",
                           "kgs-chat",
                           "gogui-analyze_commands",
                           "gogui-play_sequence",
                           "gogui-setup",
                           "gogui-interrupt",
                           "gogui-rules_legal_moves",
                           "gg-undo",
                           "rectangular_boardsize",
                           "printsgf",
                           "is_legal",
                           "all_legal",
                           "gomill-describe_engine",
                           "gomill-explain_last_move",
                           "cputime",
                           "set_random_seed",
                           "tengen-param"})
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
