// tengen run: look into a run directory.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "envs/registry.hpp"
#include "selfplay/fit/confusion_matrix.hpp"
#include "selfplay/fit/fit.hpp"
#include "selfplay/game_sgf.hpp"
#include "selfplay/run_directory.hpp"
#include "selfplay/run_kind.hpp"
#include "tools/commands.hpp"
#include "tools/fit_report.hpp"
#include "tools/options.hpp"
#include "tools/output_files.hpp"
#include "tools/run_summary.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

namespace fs = std::filesystem;
using selfplay::GameRow;
using selfplay::RunDirectory;

constexpr const char* kFooter =
    "Examples:\n"
    "  tengen run show runs/c4\n"
    "  tengen run show runs/c4 --svg curve.svg\n"
    "  tengen run games runs/c4 --last 5\n"
    "  tengen run evaluate runs/digits1 runs/digits2\n"
    "  tengen run evaluate runs/digits --precision int8\n"
    "  tengen run write runs/poet --prompt \"The \" --temperature 0.7 --length 500\n"
    "  tengen run export-sgf runs/go7 -o games --last 100";

struct RunOptions {
  std::string directory, svg, output, data, precision = "fp32";
  std::vector<std::string> directories;
  std::uint64_t game = 0, last = 10, seed = 1;
  bool game_given = false, all = false;
  selfplay::WritingOptions writing;
};

RunDirectory open_run(const RunOptions& options) {
  return RunDirectory::open(options.directory, RunDirectory::Access::read);
}

int show(const RunOptions& options) {
  const RunDirectory run = open_run(options);
  std::cout << run_summary(run);
  if (options.svg.empty()) return 0;
  write_text_file(options.svg, run_svg(run));
  std::cout << "curves: " << options.svg << "\n";
  return 0;
}

/// The games that --game, --last or --all choose, by index.
std::vector<GameRow> chosen_games(const RunDirectory& run, const RunOptions& options) {
  const std::uint64_t count = run.counts().games;
  if (options.all) return run.games();
  if (!options.game_given) return run.games(count - std::min(count, options.last));
  std::vector<GameRow> rows = run.games(options.game, options.game + 1);
  if (rows.empty())
    throw Error(options.directory, fmt::format("has no game {}, it has {} games, counted from 0",
                                               options.game, count));
  return rows;
}

std::string result_of(const GameRow& row) {
  if (row.result == 0) return "draw";
  return row.result > 0 ? "first" : "second";
}

/// Only runs of `tengen train` have games.
RunDirectory open_training(const RunOptions& options) {
  RunDirectory run = open_run(options);
  expect_kind(run, selfplay::RunKind::train);
  return run;
}

int list_games(const RunOptions& options) {
  const RunDirectory run = open_training(options);
  TextTable table({"game", "iteration", "plies", "<winner", "<end", "<moves"});
  for (const GameRow& row : chosen_games(run, options))
    table.add({std::to_string(row.index), std::to_string(row.iteration), std::to_string(row.plies),
               result_of(row), selfplay::to_string(row.end), row.moves});
  std::cout << table.to_string();
  return 0;
}

int export_sgf(const RunOptions& options) {
  const RunDirectory run = open_training(options);
  const auto game = envs::make_game(run.config().at("game"));
  const std::vector<GameRow> rows = chosen_games(run, options);
  const fs::path directory = options.output;
  make_directory(directory);
  for (const GameRow& row : rows) {
    selfplay::SgfInfo info;
    info.black = info.white = fmt::format("iteration {}", row.iteration);
    info.result = row.result;
    info.resigned = row.end == selfplay::GameEnd::resigned;
    const std::string sgf =
        selfplay::game_to_sgf(*game, selfplay::parse_moves(*game, row.moves), info);
    write_text_file(directory / fmt::format("game-{:07d}.sgf", row.index), sgf);
  }
  std::cout << rows.size() << " games in " << options.output << "\n";
  return 0;
}

selfplay::FitConfig fit_config_of(const std::string& directory) {
  return selfplay::fit_config_of(RunDirectory::open(directory, RunDirectory::Access::read));
}

/// The task of a run of `tengen fit`, with its data or those of --data.
std::unique_ptr<selfplay::FitTask> task_of(const std::string& directory,
                                           const RunOptions& options) {
  const selfplay::FitConfig config = fit_config_of(directory);
  return selfplay::make_fit_task(config.task, options.data.empty() ? config.data : options.data);
}

std::unique_ptr<selfplay::FitModel> best_model(const selfplay::FitTask& task,
                                               const std::string& directory) {
  const RunDirectory run = RunDirectory::open(directory, RunDirectory::Access::read);
  const auto best = run.best_checkpoint();
  if (!best) throw Error(directory, "has no checkpoint yet");
  return load_fitted(task, run, *best);
}

int write(const RunOptions& options) {
  const auto task = task_of(options.directory, options);
  Rng rng(options.seed);
  const std::string text = best_model(*task, options.directory)->write(options.writing, rng);
  std::cout << options.writing.prompt << text << "\n";
  return 0;
}

/// Runs of a task may differ in its options: in augmentation, a teacher, the bootstrap sample.
void check_one_task(const std::vector<std::string>& directories) {
  const auto name_of = [](const std::string& directory) {
    return Spec(fit_config_of(directory).task).name();
  };
  const std::string first = name_of(directories.front());
  for (const std::string& directory : directories)
    if (const std::string name = name_of(directory); name != first)
      throw Error(directory, fmt::format("expected runs of one task, got one of {}, and {} of {}",
                                         name, directories.front(), first));
}

/// Runs of `tengen fit` on the first one's test examples, and their averaged answers.
int evaluate(const RunOptions& options) {
  check_one_task(options.directories);
  const auto task = task_of(options.directories.front(), options);
  const nets::Precision precision = nets::parse_precision(options.precision);
  std::vector<selfplay::Classified> answers;
  for (const std::string& directory : options.directories) {
    const auto model = best_model(*task, directory);
    if (precision != nets::Precision::fp32) model->compile(precision);
    TestResult result = tested(*model);
    std::cout << fmt::format("{}, {}: {}\n", directory, to_string(precision), result.text);
    if (result.answers) answers.push_back(std::move(*result.answers));
  }
  if (answers.empty()) return 0;
  if (answers.size() > 1) std::cout << "\ntheir averaged probabilities:\n";
  std::cout << "\n"
            << confusion_text(selfplay::ConfusionMatrix(selfplay::average(answers)),
                              task->class_names());
  return 0;
}

Command add_part(Command& run, const std::string& name, const std::string& help,
                 const std::shared_ptr<RunOptions>& options, int (*work)(const RunOptions&)) {
  Command command = run.add_command(name, help, kFooter);
  command.option("DIR", &options->directory, "the run directory").required().type("");
  command.action([options, work] { return work(*options); });
  return command;
}

void add_choice(Command& command, RunOptions& options) {
  Option game = command.option("--game", &options.game, "only the game with this number");
  Option last = command.option("--last", &options.last, "the newest so many games");
  const Option all = command.option("--all", &options.all, "every game");
  game.marks(options.game_given).shown_default("").excludes(last).excludes(all);
  last.excludes(all);
}

}  // namespace

void add_run_command(Command& root) {
  Command run = root.add_command("run", "look into a run directory", kFooter);
  run.require_command();
  const auto options = std::make_shared<RunOptions>();
  Command show_part =
      add_part(run, "show", "progress, losses, ratings, and where things are", options, show);
  show_part.option("--svg", &options->svg, "write the learning curves there").type("FILE");

  Command measure =
      run.add_command("evaluate", "what nets of tengen fit know, alone and together", kFooter);
  measure.option("DIR", &options->directories, "runs of one task").required().type("");
  measure.option("--data", &options->data, "where the examples are, if not where they were")
      .type("DIR");
  measure.option("--precision", &options->precision,
                 "fp32, bf16, int8 (its steps are chosen on training images) or auto, the fastest "
                 "float; only image tasks compute in others than fp32");
  measure.action([options] { return evaluate(*options); });

  Command text = add_part(run, "write", "text by a language model of tengen fit", options, write);
  text.option("--prompt", &options->writing.prompt,
              "what the text begins with; default: the beginning of the text that was held out")
      .type("TEXT");
  text.option("--length", &options->writing.length, "characters to write").range(0, 1'000'000);
  text.option("--temperature", &options->writing.temperature,
              "below 1 more careful, above 1 bolder; 0: always the likeliest character")
      .range(0, 1000);
  text.option("--seed", &options->seed, "of what is drawn");
  text.option("--data", &options->data, "where the text is, if not where it was").type("FILE");

  Command games = add_part(run, "games", "list self-play games", options, list_games);
  add_choice(games, *options);

  Command sgf = add_part(run, "export-sgf", "write self-play games as SGF", options, export_sgf);
  add_choice(sgf, *options);
  sgf.option("-o,--output", &options->output, "the directory to write into").required().type("DIR");
}

}  // namespace tengen::tools
