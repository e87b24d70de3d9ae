#include <ostream>
#include <string>
#include <utility>

#include "engine/base/clock.hpp"
#include "tools/gtp/analysis.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

constexpr const char* kArguments =
    "[COLOUR] [HUNDREDTHS] [minmoves N] [maxmoves N] [avoid|allow COLOUR VERTEX,... PLIES] "
    "[rootInfo BOOL] [ownership BOOL] [pvVisits BOOL]: ";

/// The restrictions of one analysis, lifted at its end.
class Restricted {
 public:
  Restricted(Session& session, const Analysis& analysis) : session_(session) {
    session_.restrict(analysis.restrictions);
  }
  ~Restricted() { session_.restrict({}); }
  Restricted(const Restricted&) = delete;
  Restricted& operator=(const Restricted&) = delete;

 private:
  Session& session_;
};

void write_line(std::ostream& out, const std::string& line) {
  if (!line.empty()) out << line << "\n" << std::flush;
}

/// Reports once per interval, and when the next line ends it; for that also a position waits about
/// which there is nothing more to learn.
void report_until_input(const Engine& engine, Session& session, const Analysis& analysis,
                        AnalysisFormat format, std::ostream& out) {
  const Restricted restricted(session, analysis);
  bool more = true;
  while (more) {
    const Stopwatch watch;
    mcts::SearchResult result;
    double rest = analysis.interval_seconds;
    do {
      result = session.analyse(analysis.player, rest, engine.input_waiting());
      more = !engine.input_waiting() && Session::can_learn_more(result);
      rest = analysis.interval_seconds - watch.seconds();
    } while (more && rest > 0);
    write_line(out, analysis_line(session, analysis, format, result));
  }
  engine.input_waiting().wait(false);
}

/// Reports once per interval, then says "play VERTEX", or "play resign", and does so if it shall.
void report_and_choose(Session& session, const Analysis& analysis, AnalysisFormat format,
                       bool plays, std::ostream& out) {
  const Stopwatch watch;
  const Restricted restricted(session, analysis);
  const bool cgos = format == AnalysisFormat::cgos;  // its server wants one report alone
  const Session::Progress report = [&](const mcts::SearchResult& result) {
    if (!cgos) write_line(out, analysis_line(session, analysis, format, result));
  };
  const Session::Decision decision =
      session.decide(analysis.player, true, analysis.interval_seconds, report, watch);
  if (cgos) write_line(out, analysis_line(session, analysis, format, decision.search));
  if (decision.action && plays) session.answer_with(analysis.player, *decision.action);
  out << "play " << (decision.action ? session.vertex(*decision.action) : "resign") << "\n";
}

/// Checks the arguments before the answer begins.
std::string check(const Session& session, const Args& args, bool game_may_be_over) {
  const Analysis analysis = parse_analysis(session, args);
  if (!(game_may_be_over && session.state().is_terminal() && session.game().parse_action("pass")))
    session.position_for(analysis.player);
  return "";
}

void add_analyze(Engine& engine, Session& session, const char* name, AnalysisFormat format) {
  Command command{name, std::string(kArguments) + "analyse until the next line comes in",
                  [&session](const Args& args) { return check(session, args, false); }};
  command.follow_up = [&engine, &session, format](const Args& args, std::ostream& out) {
    report_until_input(engine, session, parse_analysis(session, args), format, out);
  };
  engine.add(std::move(command));
}

void add_genmove(Engine& engine, Session& session, const char* name, AnalysisFormat format,
                 bool plays = true) {
  const char* help = plays ? "choose a move, reporting, and play it" : "choose a move, reporting";
  Command command{name, std::string(kArguments) + help,
                  [&session](const Args& args) { return check(session, args, true); }};
  command.follow_up = [&session, format, plays](const Args& args, std::ostream& out) {
    report_and_choose(session, parse_analysis(session, args), format, plays, out);
  };
  engine.add(std::move(command));
}

}  // namespace

void add_analysis_commands(Engine& engine, Session& session) {
  add_analyze(engine, session, "lz-analyze", AnalysisFormat::lz);
  add_analyze(engine, session, "kata-analyze", AnalysisFormat::kata);
  add_genmove(engine, session, "lz-genmove_analyze", AnalysisFormat::lz);
  add_genmove(engine, session, "kata-genmove_analyze", AnalysisFormat::kata);
  add_genmove(engine, session, "kata-search_analyze", AnalysisFormat::kata, false);
  add_genmove(engine, session, "cgos-genmove_analyze", AnalysisFormat::cgos);
}

}  // namespace tengen::gtp
