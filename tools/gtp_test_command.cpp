// tengen gtp-test: regression tests of GTP engines.
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/read_file.hpp"
#include "mcts/evaluators.hpp"
#include "selfplay/players/gtp_process.hpp"
#include "tools/commands.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/regression.hpp"
#include "tools/gtp/session.hpp"
#include "tools/options.hpp"

namespace tengen::tools {
namespace {

constexpr const char* kFooter =
    "A file holds GTP commands; \"#? [PATTERN]\" behind one is what its answer must match, with\n"
    "\"[!PATTERN]\" for must not and \"[PATTERN]*\" for known to fail. Errors match as \"? "
    "text\".\n"
    "Each file starts the engine anew: Tengen without a net, or the program of --command.\n"
    "Exit code 0: no unexpected failure (as with gogui-regress, a test known to fail may pass);\n"
    "1: unexpected failures, or an engine that broke off; 2: a file is wrong, or the program "
    "never\n"
    "answers.\n"
    "Examples:\n"
    "  tengen gtp-test tests/golden/gtp/*.tst\n"
    "  tengen gtp-test positions.tst --command \"tengen gtp --net runs/go9 --sims 800\"\n"
    "  tengen gtp-test positions.tst --command \"gnugo --mode gtp --level 10\"";

struct TestOptions {
  std::vector<std::string> files;
  std::string command;
  double timeout_seconds = 60;
  bool all = false;
  gtp::SessionConfig session;
};

/// Tengen in this process, with random rollouts.
class OwnEngine {
 public:
  explicit OwnEngine(const gtp::SessionConfig& config)
      : session_(config, [](const auto&, std::uint64_t seed) -> mcts::EvaluatorFactory {
          return [rng = Rng(seed)](int thread) {
            return std::make_unique<mcts::RolloutEvaluator>(
                rng.split(static_cast<std::uint64_t>(thread)));
          };
        }) {
    gtp::add_all_commands(engine_, session_);
  }

  std::string exchange(const std::string& line) {
    if (has_quit_) throw Error("Tengen has ended before '" + line + "'");
    std::ostringstream out;
    if (const auto request = gtp::parse_request(line)) {
      engine_.answer(*request, out);
      has_quit_ = request->command == "quit";
    }
    return out.str();
  }

 private:
  gtp::Session session_;
  gtp::Engine engine_;
  bool has_quit_ = false;
};

gtp::Exchange start_engine(const TestOptions& options) {
  if (options.command.empty()) {
    const auto engine = std::make_shared<OwnEngine>(options.session);
    return [engine](const std::string& line) { return engine->exchange(line); };
  }
  const auto process =
      std::make_shared<selfplay::GtpProcess>(options.command, options.timeout_seconds);
  return [process](const std::string& line) { return process->exchange(line); };
}

const char* word_for(gtp::Verdict verdict) {
  switch (verdict) {
    case gtp::Verdict::pass:
      return "passed";
    case gtp::Verdict::fail:
      return "FAILED";
    case gtp::Verdict::known_fail:
      return "failed as known";
    case gtp::Verdict::unexpected_pass:
      return "PASSED, was known to fail";
    case gtp::Verdict::error:
      return "ERROR";
  }
  return "";
}

bool is_unexpected(gtp::Verdict verdict) {
  return verdict != gtp::Verdict::pass && verdict != gtp::Verdict::known_fail;
}

int run_tests(const TestOptions& options) {
  std::vector<gtp::RegressionOutcome> all;
  for (const std::string& file : options.files) {
    const auto steps = gtp::parse_regression(read_file(file, "a file of GTP tests"), file);
    const auto outcomes = gtp::run_regression(steps, start_engine(options));
    for (const gtp::RegressionOutcome& outcome : outcomes)
      if (options.all || is_unexpected(outcome.verdict))
        std::cout << fmt::format("{}:{}: {}: {}: {}\n", file, outcome.step.line,
                                 word_for(outcome.verdict), outcome.step.command,
                                 gtp::describe(outcome));
    all.insert(all.end(), outcomes.begin(), outcomes.end());
  }
  const auto number = [&all](gtp::Verdict verdict) { return gtp::count(all, verdict); };
  const int bad = number(gtp::Verdict::fail) + number(gtp::Verdict::error);
  std::cout << fmt::format(
      "{} passed, {} failed, {} failed as known, {} passed unexpectedly, {} errors\n",
      number(gtp::Verdict::pass), number(gtp::Verdict::fail), number(gtp::Verdict::known_fail),
      number(gtp::Verdict::unexpected_pass), number(gtp::Verdict::error));
  return bad > 0 ? 1 : 0;
}

}  // namespace

void add_gtp_test_command(Command& root) {
  Command command =
      root.add_command("gtp-test", "run regression tests against a GTP engine", kFooter);
  const auto options = std::make_shared<TestOptions>();
  options->session.limits.simulations = 400;
  command.option("FILE", &options->files, "files of GTP commands and expectations (.tst)")
      .required()
      .type("");
  command.option("--command", &options->command, "the engine to test; default: Tengen itself")
      .type("COMMAND");
  command
      .option("--timeout", &options->timeout_seconds, "seconds that the program has for an answer")
      .range(0.1, 86400);
  command.option("--all", &options->all, "show every test, not only the unexpected ones");
  command.option("--game", &options->session.game, "what Tengen itself plays").type("GAME");
  command
      .option("--sims", &options->session.limits.simulations,
              "simulations per move of Tengen itself")
      .range(1, 1e8);
  command.option("--seed", &options->session.seed, "of all random numbers of Tengen itself");
  command.action([options] { return run_tests(*options); });
}

}  // namespace tengen::tools
