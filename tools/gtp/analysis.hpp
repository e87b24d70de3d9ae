// What lz-analyze and its relatives are asked for, and how they report.
//
// Arguments: [COLOUR] [INTERVAL] KEY VALUE..., the first two in either order, the interval in
// hundredths of a second; see parse_analysis(). Reports for the colour that is analysed:
//   lz    info move D4 visits 9 winrate 5312 prior 801 lcb 5312 order 0 pv D4 E5 info move ...
//         (Leela Zero: probabilities per ten thousand)
//   kata  info move D4 visits 9 utility 0.062400 winrate 0.531200 prior ... order 0 pv D4 E5 ...
//         behind a move "pvVisits 9 4", at the end "rootInfo ..." and "ownership ...", where asked
//         for (KataGo, GTP_Extensions.md; numbers always with a point, no score: the games here are
//         searched for wins)
//   cgos  one JSON object (CGOS, "GTP tournament game expansion")
// lcb is the lower confidence bound of the winrate (SearchConfig::lcb_errors), of a move without
// visits the winrate of the position; a proven move has its result for both.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {

enum class AnalysisFormat { lz, kata, cgos };

struct Analysis {
  int player = 0;
  double interval_seconds = 1;
  int min_moves = 0;      // report at least so many, also without visits
  int max_moves = 10000;  // and at most so many
  bool root_info = false;
  bool ownership = false;
  bool pv_visits = false;
  std::vector<Restriction> restrictions;
};

/// `interval` KEY, `minmoves` N, `maxmoves` N, `avoid`|`allow` COLOUR VERTEX,VERTEX,... PLIES,
/// `rootInfo` BOOL, `pvVisits` BOOL, `ownership` BOOL (Go). Keys of KataGo for what Tengen has not
/// (`pvEdgeVisits`, `movesOwnership`, `ownershipStdev`, `movesOwnershipStdev`, `noResultValue`)
/// take a BOOL and change nothing: clients send them without asking. The colour is the side to move
/// if none is given.
Analysis parse_analysis(const Session& session, const Args& args);

/// One line, or nothing while only the root is evaluated. The move that would be played comes
/// first, the others follow by visits.
std::string analysis_line(Session& session, const Analysis& analysis, AnalysisFormat format,
                          const mcts::SearchResult& result);

}  // namespace tengen::gtp
