#include <algorithm>
#include <cctype>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

struct Analysis {
  int player = 0;
  double interval_seconds = 1;
};

/// [COLOUR] [INTERVAL], the interval in hundredths of a second.
Analysis parse_analysis(const Session& session, Args args) {
  Analysis analysis{session.state().is_terminal() ? 0 : session.state().current_player()};
  if (!args.empty() && std::isalpha(static_cast<unsigned char>(args[0][0]))) {
    analysis.player = parse_colour(args[0]);
    args.erase(args.begin());
  }
  expect_args(args, 0, 1);
  if (!args.empty()) analysis.interval_seconds = parse_int(args[0]) / 100.0;
  if (analysis.interval_seconds <= 0) throw Failure("syntax error");
  return analysis;
}

/// Per ten thousand, as Leela Zero writes probabilities.
int basis_points(double probability) { return static_cast<int>(std::lround(probability * 10000)); }

/// One "info" part per visited move, the most visited first. The principal variation of the search
/// belongs to the first; the others show their move alone.
std::string info_line(const Session& session, const mcts::SearchResult& result) {
  std::vector<mcts::ActionStats> actions = result.actions;
  std::stable_sort(actions.begin(), actions.end(),
                   [](const auto& a, const auto& b) { return a.visits > b.visits; });
  std::string line;
  for (std::size_t i = 0; i < actions.size() && actions[i].visits > 0; ++i) {
    const mcts::ActionStats& action = actions[i];
    line += fmt::format("{}info move {} visits {} winrate {} prior {} lcb {} order {} pv",
                        i == 0 ? "" : " ", session.vertex(action.action), action.visits,
                        basis_points((1 + action.q) / 2), basis_points(action.prior),
                        basis_points((1 + action.q) / 2), i);
    const auto& variation = result.principal_variation;
    if (!variation.empty() && variation[0] == action.action) {
      for (const envs::Action move : variation) line.append(" ").append(session.vertex(move));
    } else {
      line.append(" ").append(session.vertex(action.action));
    }
  }
  return line;
}

/// Searches in short slices on one tree, so that the next request is seen at once; a line per
/// interval and one at the end.
void report_until_input(const Engine& engine, Session& session, const Analysis& analysis,
                        std::ostream& out) {
  constexpr double kSliceSeconds = 0.1;
  bool more = true;
  while (more) {
    const Stopwatch watch;
    mcts::SearchResult result;
    do {
      result = session.analyse(analysis.player, std::min(kSliceSeconds, analysis.interval_seconds));
      more = !engine.input_waiting() && result.proof == mcts::Proof::unknown;
    } while (more && watch.seconds() < analysis.interval_seconds);
    const std::string line = info_line(session, result);  // empty: only the root is evaluated yet
    if (!line.empty()) out << line << "\n" << std::flush;
  }
}

}  // namespace

void add_analysis_commands(Engine& engine, Session& session) {
  Command command{"lz-analyze", "[COLOUR] [INTERVAL]: analyse until the next request; hundredths",
                  [&session](const Args& args) {
                    session.position_for(parse_analysis(session, args).player);  // or a Failure
                    return "";
                  }};
  command.follow_up = [&engine, &session](const Args& args, std::ostream& out) {
    report_until_input(engine, session, parse_analysis(session, args), out);
  };
  engine.add(std::move(command));
}

}  // namespace tengen::gtp
