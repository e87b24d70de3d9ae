#include "selfplay/alpha_zero.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/threads.hpp"
#include "engine/optim/weight_average.hpp"
#include "envs/registry.hpp"
#include "nets/checkpoint.hpp"
#include "selfplay/batch_loader.hpp"
#include "selfplay/net_match.hpp"
#include "selfplay/net_plan.hpp"
#include "selfplay/ply_estimate.hpp"
#include "selfplay/replay_window.hpp"
#include "selfplay/run_kind.hpp"

namespace tengen::selfplay {

namespace fs = std::filesystem;

namespace {

/// In a checkpoint beside net.safetensors: the weights that training goes on from.
constexpr const char* kTrainingNet = "training_net.safetensors";

/// Streams of the run's root seed, one per purpose.
enum Stream : std::uint64_t { kNetStream, kGameStream, kTrainStream, kMatchStream };

using Plan = std::shared_ptr<const nets::InferencePlan>;

/// What a checkpoint remembers beside the weights (state.json).
struct Progression {
  int iteration = 0;
  int best = 0;        // checkpoint that plays
  int reference = 0;   // checkpoint that matches are played against
  std::string resign;  // ResignPolicy::save()
};

void write_progression(const Progression& p, const fs::path& path) {
  const nlohmann::json json = {{"iteration", p.iteration},
                               {"best_checkpoint", p.best},
                               {"reference_checkpoint", p.reference},
                               {"resign", p.resign}};
  std::ofstream out(path);
  out << json.dump(2) << '\n';
  if (!out.flush()) throw Error(path.string(), "cannot write: is the disk full?");
}

Progression read_progression(const fs::path& path) {
  std::ifstream in(path);
  if (!in) throw Error(path.string(), "cannot open the checkpoint's state");
  try {
    const nlohmann::json json = nlohmann::json::parse(in);
    Progression p;
    p.iteration = json.at("iteration");
    p.best = json.at("best_checkpoint");
    p.reference = json.at("reference_checkpoint");
    p.resign = json.at("resign");
    return p;
  } catch (const nlohmann::json::exception& error) {
    throw Error(path.string(), std::string("not a checkpoint's state: ") + error.what());
  }
}

nets::NetIo io_of(const envs::Game& game) {
  const envs::ObservationShape shape = game.observation_shape();
  return {shape.height, shape.width, shape.channels, game.num_actions()};
}

/// Elo above checkpoint 0, by the chain of matches from `checkpoint` down to it.
ChainRating rating_of(int checkpoint, const std::vector<MatchRow>& matches) {
  const auto match = std::ranges::find(matches, checkpoint, &MatchRow::a);
  if (match == matches.end()) return {};
  return rating_of(match->b, matches).of_opponent({match->wins, match->draws, match->losses});
}

class TrainingRun {
 public:
  TrainingRun(const AlphaZeroConfig& config, const fs::path& directory, TrainingObserver& observer,
              const std::atomic<bool>* stop)
      : config_(config),
        observer_(observer),
        stop_(stop),
        game_(envs::make_game(config.game)),
        threads_(threads_or_default(config.threads)),
        precision_(nets::parse_precision(config.precision)),
        root_(config.seed),
        net_(make_initial_net()),
        average_(make_initial_net()),
        trainer_(*net_, config.trainer, threads_),
        resign_(config.resign),
        window_(game_, static_cast<std::size_t>(config.replay_min)),
        run_(open_run(directory)) {}

  TrainingSummary execute() {
    restore();
    if (progression_.iteration < config_.iterations)
      observer_.on_start(progression_.iteration + 1, run_.counts());
    while (!stopped() && progression_.iteration < config_.iterations && time_for_another()) {
      if (!iterate(progression_.iteration + 1)) break;
    }
    TrainingSummary summary;
    summary.iterations = summary.checkpoint = progression_.iteration;
    summary.reason = stopped()                                      ? StopReason::requested
                     : progression_.iteration >= config_.iterations ? StopReason::iterations
                                                                    : StopReason::time;
    return summary;
  }

 private:
  bool stopped() const { return stop_ && *stop_; }
  bool evaluates(int iteration) const {
    return config_.evaluate_every > 0 && iteration % config_.evaluate_every == 0;
  }
  /// Judged by the last iteration, and the last match if the next one plays a match.
  bool time_for_another() const {
    double expected = last_learning_seconds_;
    if (evaluates(progression_.iteration + 1)) expected += last_evaluation_seconds_;
    return last_learning_seconds_ < 0 || watch_.seconds() + expected <= config_.minutes * 60;
  }

  // Setting up ------------------------------------------------------------------------------------
  std::unique_ptr<nets::PolicyValueNet> make_initial_net() const {
    Rng rng = root_.split(kNetStream);
    return nets::make_net(config_.net, io_of(*game_), rng);
  }

  RunDirectory open_run(const fs::path& directory) const {
    const auto wanted = to_map(config_);
    if (!RunDirectory::exists(directory)) return RunDirectory::create(directory, wanted);
    RunDirectory run = RunDirectory::open(directory, RunDirectory::Access::write);
    expect_kind(run, RunKind::train);
    auto stored = run.config();
    for (const char* key : {"game", "net"})
      if (stored[key] != wanted.at(key))
        throw Error(directory.string(), fmt::format("this run's {} is {}, but {} was asked for; "
                                                    "use another run directory",
                                                    key, stored[key], wanted.at(key)));
    if (stored == wanted) return run;
    for (const auto& [key, value] : wanted)
      if (stored[key] != value) observer_.on_config_change(key, stored[key], value);
    run.set_config(wanted);
    return run;
  }

  void restore() {
    const auto latest = run_.latest_checkpoint();
    if (!latest) {
      IterationRecord untrained;
      untrained.rating = RatingRow{};
      save_checkpoint(std::move(untrained));
      return;
    }
    const fs::path checkpoint = run_.checkpoint_path(*latest);
    progression_ = read_progression(checkpoint / "state.json");
    resign_.restore(progression_.resign);
    nets::load_module(run_.net_path(*latest).string(), *average_);
    nets::load_module((checkpoint / kTrainingNet).string(), *net_);
    trainer_.load_optimizer(checkpoint / "optimizer.safetensors");
    load_window();
  }

  /// The window as it was after the last whole iteration: its last games, oldest first.
  void load_window() {
    std::uint64_t total = 0;
    for (int k = 1; k <= progression_.iteration; ++k) total += run_.counts(k).positions;
    window_.set_capacity(window_capacity(total));
    int first = progression_.iteration + 1;
    for (std::uint64_t loaded = 0; first > 1 && loaded < window_.capacity();)
      loaded += run_.counts(--first).positions;
    for (int k = first; k <= progression_.iteration; ++k) add_to_window(k);
    positions_ = total;
  }

  std::size_t window_capacity(std::uint64_t total_positions) const {
    const double share = config_.replay_fraction * static_cast<double>(total_positions);
    return static_cast<std::size_t>(
        std::clamp(share, double(config_.replay_min), double(config_.replay_max)));
  }

  void add_to_window(int iteration) {
    for (const GameRecord& record : run_.load_iteration(iteration)) window_.add(record);
  }

  // One iteration ---------------------------------------------------------------------------------
  /// False if it was stopped before its end: nothing but the games played is kept then.
  bool iterate(int k) {
    IterationReport report;
    report.iteration = k;
    report.iterations = config_.iterations;
    self_play(k, report);
    if (stopped()) return false;
    take_in_games(k, report);
    train(k, report);
    if (stopped()) return false;
    IterationRecord record;
    Progression next = progression_;
    next.iteration = k;
    evaluate(k, report, record, next);
    if (stopped()) return false;
    finish(report, std::move(record), next);
    last_learning_seconds_ = report.self_play_seconds + report.train_seconds;
    if (report.match) last_evaluation_seconds_ = report.evaluation_seconds;
    return true;
  }

  void self_play(int k, IterationReport& report) {
    const std::vector<std::uint64_t> missing = missing_games(k);
    report.resign_threshold = resign_.threshold();
    report.resign_false_positives = resign_.false_positive_rate();
    if (missing.empty()) return;
    SelfPlayConfig config = config_.self_play;
    config.search = search_config(config_);
    config.resign_threshold = resign_.threshold();
    config.played_on_fraction = config_.resign.played_on_fraction;
    const SelfPlayJob job{.game = game_,
                          .plan = playing_plan(),
                          .iteration = k,
                          .seed = root_.split(kGameStream)(),
                          .indices = missing,
                          .threads = threads_};
    GamesSoFar so_far;
    const PlyEstimate estimate(missing.size(), mean_plies_so_far(), game_->max_plies());
    SelfPlayCallbacks callbacks;
    callbacks.on_games = [&](std::vector<GameRecord>&& finished) {
      const std::vector<GameRow> rows = run_.add_games(*game_, finished);
      so_far.ended += rows.size();
      for (const GameRow& row : rows) so_far.ended_plies += static_cast<std::uint64_t>(row.plies);
      observer_.on_games(rows);
    };
    callbacks.on_progress = [&](const SelfPlayStats& stats) {
      so_far.plies = stats.plies;
      observer_.on_progress(so_far.ended,
                            fmt::format("{:.0f} positions/s  {}", per_second(stats.plies, stats),
                                        estimate.text(so_far)),
                            estimate.work_done(so_far));
    };
    observer_.on_phase("self-play", "games", missing.size());
    const SelfPlayStats stats = play_games(config, job, callbacks, stop_);
    report.self_play_seconds = stats.seconds;
    report.games_per_second = per_second(so_far.ended, stats);
    report.positions_per_second = per_second(stats.plies, stats);
    report.evaluations_per_second = per_second(stats.evaluations, stats);
  }

  /// Of the games of the last iteration; 0 before the first has ended.
  double mean_plies_so_far() const {
    const auto means = run_.metrics("mean_plies");
    return means.empty() ? 0 : means.back().value;
  }

  static double per_second(std::uint64_t count, const SelfPlayStats& stats) {
    return static_cast<double>(count) / std::max(stats.seconds, 1e-9);
  }

  /// Games of an iteration are numbered on from those of the iterations before.
  std::vector<std::uint64_t> missing_games(int k) const {
    const std::vector<GameRow> played = run_.games_of_iteration(k);
    const std::uint64_t first = run_.first_game_of(k);
    std::vector<std::uint64_t> missing;
    auto next = played.begin();
    for (std::uint64_t i = first; i < first + std::uint64_t(config_.games_per_iteration); ++i) {
      while (next != played.end() && next->index < i) ++next;
      if (next == played.end() || next->index != i) missing.push_back(i);
    }
    return missing;
  }

  Plan playing_plan() {
    if (progression_.best == progression_.iteration) return plan_of(*average_);
    return plan_of_checkpoint(progression_.best);
  }
  Plan plan_of(const nets::PolicyValueNet& net) const {
    return make_plan(net.graph(), *game_, precision_, config_.self_play.games_per_thread);
  }
  Plan plan_of_checkpoint(int number) const {
    return plan_of(*nets::load_net_file(run_.net_path(number).string()).net);
  }

  /// Adds the iteration's games to the window and to the statistics of resigning.
  void take_in_games(int k, IterationReport& report) {
    const std::uint64_t new_positions = run_.counts(k).positions;
    positions_ += new_positions;
    window_.set_capacity(window_capacity(positions_));
    std::uint64_t plies = 0;
    double points = 0;
    for (const GameRecord& record : run_.load_iteration(k)) {
      window_.add(record);
      resign_.measure(record);
      ++report.games;
      plies += record.plies.size();
      points += (record.result + 1) / 2;
      report.resigned += record.end == GameEnd::resigned;
    }
    resign_.adapt();
    report.positions = new_positions;
    report.window = window_.size();
    report.mean_plies = static_cast<double>(plies) / report.games;
    report.first_player_score = points / report.games;
  }

  void train(int k, IterationReport& report) {
    const Stopwatch watch;
    const double wanted =
        static_cast<double>(report.positions) * config_.samples_per_position / config_.batch;
    report.train_steps = std::max(1, static_cast<int>(std::lround(wanted)));
    Rng rng = root_.split(kTrainStream).split(static_cast<std::uint64_t>(k));
    BatchLoader loader(report.train_steps, [&](TrainingBatch& batch) {
      window_.sample(config_.batch, config_.augment, config_.value_q_mix, rng, batch);
    });
    Losses sum;
    observer_.on_phase("training", "steps", static_cast<std::uint64_t>(report.train_steps));
    for (int step = 1; step <= report.train_steps && !stopped(); ++step) {
      const Losses losses = trainer_.step(loader.next());
      average_weights(*average_, *net_, config_.weight_average, trainer_.steps());
      sum += losses;
      observer_.on_progress(static_cast<std::uint64_t>(step),
                            fmt::format("loss {:.3f}", losses.total), std::nullopt);
    }
    report.losses = sum / report.train_steps;
    report.train_seconds = watch.seconds();
  }

  void evaluate(int k, IterationReport& report, IterationRecord& record, Progression& next) {
    report.reference = progression_.reference;
    report.promoted = !config_.gating;
    if (evaluates(k)) {
      const Stopwatch watch;
      const Tally tally = play_evaluation(k, report.mean_plies);
      if (stopped()) return;
      report.match = tally;
      report.promoted = !config_.gating || tally.score() >= config_.gate_threshold;
      const ChainRating rating =
          rating_of(progression_.reference, run_.matches()).of_opponent(tally);
      report.elo = rating.elo();
      report.evaluation_seconds = watch.seconds();
      record.match = MatchRow{.a = k,
                              .b = progression_.reference,
                              .wins = tally.wins,
                              .draws = tally.draws,
                              .losses = tally.losses,
                              .simulations = config_.evaluation_simulations};
      record.rating = RatingRow{.checkpoint = k,
                                .elo = rating.elo(),
                                .low = rating.interval().low,
                                .high = rating.interval().high};
      if (report.promoted) next.reference = k;
    }
    if (report.promoted) next.best = k;
  }

  /// `mean_plies`: of the iteration's self-play.
  Tally play_evaluation(int k, double mean_plies) {
    observer_.on_phase("evaluation", "games", static_cast<std::uint64_t>(config_.evaluation_games));
    const NetMatchConfig config{
        .game = game_,
        .games = config_.evaluation_games,
        .simulations = config_.evaluation_simulations,
        .search = search_config(config_),
        .opening_plies = config_.evaluation_opening_plies,
        .threads = threads_,
        .games_per_thread = std::max(1, config_.evaluation_games / threads_),
        .seed = root_.split(kMatchStream).split(static_cast<std::uint64_t>(k))()};
    const PlyEstimate estimate(static_cast<std::uint64_t>(config.games), mean_plies,
                               game_->max_plies());
    const auto progress = [&](const GamesSoFar& so_far) {
      observer_.on_progress(so_far.ended, estimate.text(so_far), estimate.work_done(so_far));
    };
    return play_net_match(config, plan_of(*average_), plan_of_checkpoint(progression_.reference),
                          progress, stop_);
  }

  void finish(IterationReport& report, IterationRecord record, const Progression& next) {
    progression_ = next;
    report.elapsed_seconds = watch_.seconds();
    record.metrics = metrics_of(report);
    save_checkpoint(std::move(record));
    observer_.on_iteration(report);
  }

  void save_checkpoint(IterationRecord record) {
    progression_.resign = resign_.save();
    record.iteration = progression_.iteration;
    record.train_steps = trainer_.steps();
    record.state["best_checkpoint"] = std::to_string(progression_.best);
    run_.add_iteration(record, [&](const fs::path& directory) {
      const nets::Metadata metadata{{"game", game_->spec()},
                                    {"iteration", std::to_string(progression_.iteration)},
                                    {"train_steps", std::to_string(trainer_.steps())}};
      nets::save_net((directory / "net.safetensors").string(), *average_, metadata);
      nets::save_net((directory / kTrainingNet).string(), *net_, metadata);
      trainer_.save_optimizer(directory / "optimizer.safetensors");
      write_progression(progression_, directory / "state.json");
    });
  }

  const AlphaZeroConfig config_;
  TrainingObserver& observer_;
  const std::atomic<bool>* stop_;
  const std::shared_ptr<const envs::Game> game_;
  const int threads_;
  const nets::Precision precision_;
  const Rng root_;
  std::unique_ptr<nets::PolicyValueNet> net_;      // the one being trained
  std::unique_ptr<nets::PolicyValueNet> average_;  // of its last steps' weights: the one that plays
  Trainer trainer_;
  ResignPolicy resign_;
  ReplayWindow window_;
  RunDirectory run_;
  Progression progression_;      // of the last whole iteration
  std::uint64_t positions_ = 0;  // of all games that the window has seen
  Stopwatch watch_;
  double last_learning_seconds_ = -1;  // self-play and training; -1: none in this call yet
  double last_evaluation_seconds_ = 0;
};

}  // namespace

TrainingSummary train(const AlphaZeroConfig& config, const fs::path& directory,
                      TrainingObserver& observer, const std::atomic<bool>* stop) {
  validate(config);
  return TrainingRun(config, directory, observer, stop).execute();
}

}  // namespace tengen::selfplay
