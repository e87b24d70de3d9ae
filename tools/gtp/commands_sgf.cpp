#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/sgf.hpp"
#include "envs/registry.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/go_rules.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

using envs::go::GoGame;
using envs::go::GoState;
using envs::go::RuleSet;
using envs::go::SgfGame;

/// A position of `game`, which must outlive it.
std::unique_ptr<GoState> sgf_position(const GoGame& game, const SgfGame& sgf, int num_moves) {
  auto state = std::make_unique<GoState>(game);
  envs::go::load_sgf(sgf, *state, num_moves);
  return state;
}

/// The rules that the file names; with a name that is not known the present ones stay.
RuleSet rules_for(const SgfGame& sgf, const RuleSet& present) {
  if (sgf.rules.empty()) return present;
  try {
    return rules_from_text(present, sgf.rules);
  } catch (const Error& error) {
    spdlog::warn("loadsgf: RU[{}]: {}; the rules stay {}", sgf.rules, error.what(),
                 rules_to_sgf(present));
    return present;
  }
}

/// Everything that can fail is tried on a board of its own first.
void load(Session& session, const SgfGame& sgf) {
  std::string spec = session.game().spec();
  const GoGame* go = envs::go::as_go(session.game());
  const bool resize = go->rules().width != sgf.width || go->rules().height != sgf.height;
  if (resize) spec = resized_go(spec, sgf.width, sgf.height);
  const std::shared_ptr<const envs::Game> board = envs::make_game(spec);
  const RuleSet set =
      rules_for(sgf, {envs::go::as_go(*board)->rules(), session.config().friendly_pass});
  sgf_position(GoGame(set.rules), sgf, -1);
  if (resize) session.switch_game(set.rules.spec());
  use_rules(session, set);
  session.start_from(sgf_position(*envs::go::as_go(session.game()), sgf, 0));
  session.set_komi(sgf.komi);  // of the games that follow as well
  for (const envs::go::SgfMove& move : sgf.moves)
    CHECK_INVARIANT(session.record().execute(move.player, move.action));
  session.record().set_file(sgf);
  for (const std::string& remark : sgf.remarks) spdlog::warn("loadsgf: {}", remark);
}

void expect_go(const Session& session) {
  if (!envs::go::as_go(session.game())) throw Failure("this game has no SGF files");
}

/// GTP counts move_number from 1 and stops before that move. It has no names with spaces: they are
/// put together again, unless the last word is the number.
std::string loadsgf(Session& session, const Args& args) {
  if (args.empty()) throw Failure("syntax error");
  expect_go(session);
  std::string path = joined(args);
  int move_number = 0;
  if (args.size() > 1 && !std::filesystem::exists(path)) {
    move_number = parse_int(args.back());
    path = joined({args.begin(), args.end() - 1});
  }
  try {
    load(session, envs::go::read_sgf(path, move_number > 0 ? move_number - 1 : -1));
  } catch (const std::exception& error) {
    throw Failure(std::string("cannot load file: ") + error.what());
  }
  return session.state().current_player() == 0 ? "black" : "white";
}

bool same_moves(const std::vector<GameRecord::Move>& a, const std::vector<envs::go::SgfMove>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.player == y.player && x.action == y.action;
  });
}

/// With the names of the file that the game was loaded from, and its result unless the game went
/// another way.
SgfGame sgf_of(Session& session, const GoState& state) {
  const std::optional<SgfGame>& file = session.record().file();
  SgfGame sgf = envs::go::to_sgf(state, file.value_or(SgfGame{}));
  if (file && !same_moves(session.record().moves(), file->moves)) sgf.result.clear();
  sgf.rules = rules_to_sgf(rules_of(session), sgf.rules);
  return sgf;
}

/// The text itself, or into a file.
std::string printsgf(Session& session, const Args& args) {
  expect_go(session);
  const std::string text = envs::go::write_sgf(sgf_of(session, *envs::go::as_go(session.state())));
  const std::string path = joined(args);
  if (path.empty() || path == "-") return text;
  if (!(std::ofstream(path, std::ios::binary) << text).flush())
    throw Failure("cannot write " + path);
  return "";
}

}  // namespace

void add_sgf_commands(Engine& engine, Session& session) {
  engine.add({"loadsgf", "FILE [MOVE_NUMBER]: set up the position before that move (Go)",
              [&session](const Args& args) { return loadsgf(session, args); }});
  engine.add({"printsgf", "[FILE]: the game so far (Go)",
              [&session](const Args& args) { return printsgf(session, args); }});
}

}  // namespace tengen::gtp
