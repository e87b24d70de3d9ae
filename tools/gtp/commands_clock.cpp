#include <string>

#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

double parse_seconds(const std::string& text) {
  const double seconds = parse_double(text);
  if (seconds < 0) throw Failure("syntax error");
  return seconds;
}

int parse_stones(const std::string& text) {
  const int stones = parse_int(text);
  if (stones < 0) throw Failure("syntax error");
  return stones;
}

std::string time_settings(Session& session, const Args& args) {
  expect_args(args, 3, 3);
  session.set_clock(
      mcts::TimeSettings{parse_seconds(args[0]), parse_seconds(args[1]), parse_stones(args[2])});
  return "";
}

/// none | absolute MAIN | canadian MAIN TIME STONES | byoyomi MAIN TIME PERIODS. A Japanese period
/// is one stone's time that starts anew with each stone.
std::string kgs_time_settings(Session& session, const Args& args) {
  if (args.size() == 1 && args[0] == "none") {
    session.set_clock(std::nullopt);
  } else if (args.size() == 2 && args[0] == "absolute") {
    session.set_clock(mcts::TimeSettings{parse_seconds(args[1]), 0, 0});
  } else if (args.size() == 4 && args[0] == "canadian") {
    session.set_clock(
        mcts::TimeSettings{parse_seconds(args[1]), parse_seconds(args[2]), parse_stones(args[3])});
  } else if (args.size() == 4 && args[0] == "byoyomi") {
    parse_stones(args[3]);
    session.set_clock(mcts::TimeSettings{parse_seconds(args[1]), parse_seconds(args[2]), 1});
  } else {
    throw Failure("syntax error");
  }
  return "";
}

std::string time_left(Session& session, const Args& args) {
  expect_args(args, 3, 3);
  // Some controllers report an overdrawn clock as a negative time.
  session.clock().set_time_left(parse_colour(args[0]), parse_double(args[1]),
                                parse_stones(args[2]));
  return "";
}

}  // namespace

void add_clock_commands(Engine& engine, Session& session) {
  engine.add({"time_settings", "MAIN OVERTIME STONES: seconds, and stones per overtime period",
              [&session](const Args& args) { return time_settings(session, args); }});
  engine.add({"kgs-time_settings",
              "none | absolute MAIN | byoyomi MAIN TIME PERIODS | canadian MAIN TIME STONES",
              [&session](const Args& args) { return kgs_time_settings(session, args); }});
  engine.add({"time_left", "COLOUR SECONDS STONES: the clock now; 0 stones is main time",
              [&session](const Args& args) { return time_left(session, args); }});
}

}  // namespace tengen::gtp
