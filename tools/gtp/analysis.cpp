#include "tools/gtp/analysis.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <sstream>

#include "engine/base/error.hpp"
#include "envs/go/go_state.hpp"

namespace tengen::gtp {
namespace {

/// Reads the arguments from left to right.
class Parser {
 public:
  Parser(const Session& session, const Args& args) : session_(session), args_(args) {}

  Analysis parse() {
    analysis_.player = session_.next_player();
    bool colour = false, interval = false;
    while (at_ < args_.size()) {
      const std::string& word = args_[at_];
      if (!colour && is_colour(word)) {
        analysis_.player = parse_colour(next());
        colour = true;
      } else if (!interval && std::isdigit(static_cast<unsigned char>(word[0]))) {
        read_interval();
        interval = true;
      } else {
        read_key(lower_case(next()));
      }
    }
    check_restrictions();
    return std::move(analysis_);
  }

 private:
  static bool is_colour(const std::string& word) {
    const std::string lower = lower_case(word);
    return lower == "b" || lower == "w" || lower == "black" || lower == "white";
  }

  const std::string& next() {
    if (at_ >= args_.size()) throw Failure("syntax error");
    return args_[at_++];
  }

  int next_count() {
    const int count = parse_int(next());
    if (count < 0) throw Failure("syntax error");
    return count;
  }

  void read_interval() {
    analysis_.interval_seconds = parse_double(next()) / 100;
    if (analysis_.interval_seconds <= 0) throw Failure("syntax error");
  }

  void read_key(const std::string& key) {
    if (key == "interval") return read_interval();
    if (key == "minmoves") {
      analysis_.min_moves = next_count();
    } else if (key == "maxmoves") {
      analysis_.max_moves = next_count();
    } else if (key == "avoid" || key == "allow") {
      read_restriction(key == "allow");
    } else if (key == "rootinfo") {
      analysis_.root_info = parse_bool(next());
    } else if (key == "ownership") {
      analysis_.ownership = parse_bool(next());
      if (analysis_.ownership && !envs::go::as_go(session_.state()))
        throw Failure("this game has no ownership");
    } else if (key == "pvvisits") {
      analysis_.pv_visits = parse_bool(next());
    } else if (key == "pvedgevisits" || key == "movesownership" || key == "ownershipstdev" ||
               key == "movesownershipstdev" || key == "noresultvalue") {
      parse_bool(next());
    } else {
      throw Failure("syntax error");
    }
  }

  void read_restriction(bool allow) {
    Restriction restriction{parse_colour(next()), {}, allow, 0};
    std::istringstream vertices(next());
    for (std::string vertex; std::getline(vertices, vertex, ',');)
      restriction.actions.push_back(session_.parse_vertex(vertex));
    restriction.plies = next_count();
    if (restriction.actions.empty()) throw Failure("syntax error");
    analysis_.restrictions.push_back(std::move(restriction));
  }

  /// As KataGo: `allow` once for a colour, and not beside `avoid`.
  void check_restrictions() const {
    for (const int player : {0, 1}) {
      const auto count = [&](bool allow) {
        return std::count_if(
            analysis_.restrictions.begin(), analysis_.restrictions.end(),
            [&](const Restriction& each) { return each.player == player && each.allow == allow; });
      };
      if (count(true) > 1 || (count(true) > 0 && count(false) > 0))
        throw Failure("allow goes once for a colour, and not together with avoid");
    }
  }

  const Session& session_;
  const Args& args_;
  std::size_t at_ = 0;
  Analysis analysis_;
};

double winrate(double value) { return (1 + value) / 2; }
/// Per ten thousand, as Leela Zero writes probabilities.
int basis_points(double probability) { return static_cast<int>(std::lround(probability * 10000)); }

/// The moves to report: first the one that would be played, then by visits, those without by prior.
std::vector<mcts::ActionStats> reported_moves(const Analysis& analysis,
                                              const mcts::SearchResult& result) {
  std::vector<mcts::ActionStats> moves = result.actions;
  if (moves.empty()) return {};
  Rng unused(0);  // without temperature nothing is drawn
  const envs::Action chosen = mcts::select_move(result, 0, unused);
  std::stable_sort(moves.begin(), moves.end(), [chosen](const auto& a, const auto& b) {
    if ((a.action == chosen) != (b.action == chosen)) return a.action == chosen;
    return a.visits != b.visits ? a.visits > b.visits : a.prior > b.prior;
  });
  const auto visited =
      std::count_if(moves.begin(), moves.end(), [](const auto& move) { return move.visits > 0; });
  const int count = std::max(static_cast<int>(visited), analysis.min_moves);
  if (visited == 0) return {};
  moves.resize(static_cast<std::size_t>(
      std::min({count, analysis.max_moves, static_cast<int>(moves.size())})));
  return moves;
}

std::string variation_text(const Session& session, const mcts::ActionStats& move) {
  std::string text;
  for (const envs::Action action : session.variation(move.action))
    text += (text.empty() ? "" : " ") + session.vertex(action);
  return text;
}

std::string pv_visits_text(const Session& session, const mcts::ActionStats& move) {
  return fmt::format(" pvVisits {}", fmt::join(session.variation_visits(move.action), " "));
}

std::string info_text(const Session& session, AnalysisFormat format, const mcts::ActionStats& move,
                      double value, double lcb, std::size_t order) {
  const std::string name = session.vertex(move.action);
  const std::string line = variation_text(session, move);
  const double rate = winrate(value);
  if (format == AnalysisFormat::lz)
    return fmt::format("info move {} visits {} winrate {} prior {} lcb {} order {} pv {}", name,
                       move.visits, basis_points(rate), basis_points(move.prior),
                       basis_points(winrate(lcb)), order, line);
  if (format == AnalysisFormat::kata)
    return fmt::format(
        "info move {} visits {} utility {:.6f} winrate {:.6f} prior {:.6f} lcb {:.6f} order {} pv "
        "{}",
        name, move.visits, value, rate, move.prior, winrate(lcb), order, line);
  return fmt::format(
      R"({{"move":"{}","visits":{},"winrate":{:.6f},"prior":{:.6f},"lcb":{:.6f},"pv":"{}"}})", name,
      move.visits, rate, move.prior, winrate(lcb), line);
}

/// For each cell, for the player who is analysed.
std::vector<double> ownership(Session& session, const Analysis& analysis) {
  const std::unique_ptr<envs::State> position = session.position_for(analysis.player);
  std::vector<double> owners = session.ownership().owners(*envs::go::as_go(*position));
  if (analysis.player == 1)
    for (double& owner : owners) owner = -owner;
  return owners;
}

std::string root_text(const mcts::SearchResult& result) {
  return fmt::format(" rootInfo visits {} utility {:.6f} winrate {:.6f}", result.simulations,
                     result.value, winrate(result.value));
}

std::string ownership_text(Session& session, const Analysis& analysis) {
  std::string text = " ownership";
  for (const double owner : ownership(session, analysis)) text += fmt::format(" {:.6f}", owner);
  return text;
}

std::string cgos_text(const mcts::SearchResult& result, const std::string& moves) {
  return fmt::format(R"({{"winrate":{:.6f},"visits":{},"moves":[{}]}})", winrate(result.value),
                     result.simulations, moves);
}

}  // namespace

Analysis parse_analysis(const Session& session, const Args& args) {
  return Parser(session, args).parse();
}

std::string analysis_line(Session& session, const Analysis& analysis, AnalysisFormat format,
                          const mcts::SearchResult& result) {
  const std::vector<mcts::ActionStats> moves = reported_moves(analysis, result);
  if (moves.empty()) return "";
  std::string line;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    // A move without visits is worth what the root is, as far as is known.
    const double value = moves[i].visits > 0 ? moves[i].q : result.value;
    if (i > 0) line += format == AnalysisFormat::cgos ? "," : " ";
    const double lcb = moves[i].visits > 0 ? std::max(-1.0f, moves[i].lcb) : result.value;
    line += info_text(session, format, moves[i], value, lcb, i);
    if (analysis.pv_visits && format == AnalysisFormat::kata)
      line += pv_visits_text(session, moves[i]);
  }
  if (format == AnalysisFormat::cgos) return cgos_text(result, line);
  if (analysis.root_info) line += root_text(result);
  if (analysis.ownership) line += ownership_text(session, analysis);
  return line;
}

}  // namespace tengen::gtp
