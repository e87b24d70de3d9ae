#include "tools/gtp/ownership.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/tools/gtp/dialogue.hpp"
#include "tools/gtp/analysis.hpp"

using namespace tengen;
using namespace tengen::gtp;

namespace {

/// Stands for a net that gives every point to one side.
Ownership all_for(double owner) {
  return Ownership([owner](const envs::State& state) {
    return std::vector<double>(static_cast<std::size_t>(state.game().observation_shape().cells()),
                               owner);
  });
}

std::string respond(const Ownership& ownership, const std::string& command, const Args& args,
                    const std::string& moves = "") {
  Session session(test::dialogue_config("go:size=2"), test::hash_evaluators(), nullptr, ownership);
  Engine engine;
  add_all_commands(engine, session);
  if (!moves.empty()) engine.respond({"", "play", {"b", moves}});
  return engine.respond({"", command, args});
}

}  // namespace

TEST_CASE("GTP shows the owners that a net sees", "[tools][gtp][ownership]") {
  const Ownership black = all_for(0.25);
  CHECK(respond(black, "tengen-ownership", {}) == "= 0.250 0.250\n0.250 0.250\n\n");
  // What is dead it does not decide.
  CHECK(respond(all_for(-1), "final_status_list", {"dead"}, "A1") ==
        respond(Ownership(), "final_status_list", {"dead"}, "A1"));
}

TEST_CASE("Analysis tells owners for the colour that it is of", "[tools][gtp][ownership]") {
  Session session(test::dialogue_config("go:size=2"), test::hash_evaluators(), nullptr,
                  all_for(0.25));
  const mcts::SearchResult search = session.search_position(0);
  const auto line = [&](int player) {
    Analysis analysis;
    analysis.player = player;
    analysis.ownership = true;
    return analysis_line(session, analysis, AnalysisFormat::kata, search);
  };
  CHECK_THAT(line(0), Catch::EndsWith(" ownership 0.250000 0.250000 0.250000 0.250000"));
  CHECK_THAT(line(1), Catch::EndsWith(" ownership -0.250000 -0.250000 -0.250000 -0.250000"));
}
