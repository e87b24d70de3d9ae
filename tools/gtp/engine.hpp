// The framing of the Go Text Protocol, version 2 (Farneback 2002, sections 2.1 to 2.7), and the
// table of commands. It knows nothing of games.
//
// Requests: control characters are dropped, tabs are spaces, "#" starts a comment, empty lines are
// ignored, a leading number is the id. Responses: "=[id] text" or "?[id] text" and an empty line.
// Whatever comes in, the session goes on; it ends at "quit" or at the end of input.
#pragma once

#include <atomic>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tengen::gtp {

struct Request {
  std::string id;  // empty: none
  std::string command;
  std::vector<std::string> args;
};

/// nullopt for a line that is empty once control characters and comments are gone.
std::optional<Request> parse_request(std::string_view line);

/// Thrown by handlers: the text behind "?". Standard texts are those of the specification.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Args = std::vector<std::string>;

struct Command {
  std::string name;
  std::string help;  // arguments and meaning, one line
  std::function<std::string(const Args&)> handler;
  /// Optional: goes on after the handler's answer, writing whole lines, until it has said all or
  /// Engine::input_waiting() is true. What it throws is logged and ends it.
  std::function<void(const Args&, std::ostream&)> follow_up = nullptr;
};

class Engine {
 public:
  Engine();

  /// Names are unique.
  void add(Command command);
  const std::map<std::string, Command, std::less<>>& commands() const { return commands_; }

  /// The full response to one request, empty line included. Whatever a handler throws becomes a
  /// "?" response.
  std::string respond(const Request& request);
  /// Writes the full answer, with what the command says after its response; outside run() no more
  /// input will come, so long analysis ends after its first report.
  void answer(const Request& request, std::ostream& out);
  /// What to do when "# interrupt" comes in (true), on another thread while run() answers; and
  /// before it answers a request that no interrupt so far is meant for (false).
  void on_interrupt(std::function<void(bool)> interrupt) { interrupt_ = std::move(interrupt); }
  /// What to do while no line waits, behind each request that was answered; it returns when
  /// input_waiting() is true, or earlier. What it throws is logged.
  void on_idle(std::function<void()> idle) { idle_ = std::move(idle); }
  /// Answers requests until quit or the end of input.
  void run(std::istream& in, std::ostream& out);

  /// True as soon as another line waits or no more will come: long analysis stops. Outside run() it
  /// always is. The flag lives until the engine runs or ends the next time.
  const std::atomic<bool>& input_waiting() const { return *input_waiting_; }

 private:
  std::map<std::string, Command, std::less<>> commands_;
  void spend_idle_time() const;

  std::function<void(bool)> interrupt_;
  std::function<void()> idle_;
  const std::atomic<bool> no_more_input_ = true;
  const std::atomic<bool>* input_waiting_ = &no_more_input_;  // during run() the reader's
};

// What handlers share ---------------------------------------------------------------------------

/// Throws Failure("syntax error") unless there are between `low` and `high` arguments.
void expect_args(const Args& args, std::size_t low, std::size_t high);
/// One argument that may have spaces in it, of which GTP knows nothing.
std::string joined(const Args& args);
/// Whole-argument numbers; Failure("syntax error") otherwise.
int parse_int(const std::string& text);
double parse_double(const std::string& text);
/// "true" or "false" in any case.
bool parse_bool(const std::string& text);
std::string lower_case(const std::string& text);
/// "b", "black", "w", "white" in any case: 0 or 1; Failure("syntax error") otherwise.
int parse_colour(const std::string& text);

}  // namespace tengen::gtp
