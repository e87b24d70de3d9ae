#include "tools/bench/tune.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <numeric>

#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "envs/registry.hpp"
#include "selfplay/alpha_zero_config.hpp"
#include "selfplay/net_plan.hpp"
#include "selfplay/players/net_player.hpp"
#include "tools/bench/fixtures.hpp"
#include "tools/bench/selfplay_bench.hpp"
#include "tools/config_file.hpp"
#include "tools/machine.hpp"

namespace tengen::tools {
namespace {

struct Candidate {
  nets::Precision precision = nets::Precision::fp32;
  int threads = 1;
  int games_per_thread = 1;
  std::vector<double> rates;  // visits/s, one per round

  double rate() const { return summarise(rates).median; }
};

std::vector<Candidate> candidates_of(const TuneConfig& config) {
  std::vector<nets::Precision> precisions;
  for (const std::string& text : config.precisions) precisions.push_back(supported_precision(text));
  if (precisions.empty()) precisions = native_precisions();
  std::vector<int> threads = config.threads;
  const int all = read_machine().threads;
  if (threads.empty()) threads = all < 2 ? std::vector{all} : std::vector{all, all / 2};
  if (config.games_per_thread.empty())
    bad_argument("bench tune", "expected at least one number of games per thread");
  std::vector<Candidate> candidates;
  for (const nets::Precision precision : precisions)
    for (const int count : threads)
      for (const int games : config.games_per_thread)
        candidates.push_back({precision, count, games, {}});
  return candidates;
}

class Tuner {
 public:
  explicit Tuner(const TuneConfig& config)
      : config_(config),
        game_(envs::make_game(game_spec(config))),
        net_(net_for(config.net, *game_)),
        graph_(net_->graph()),
        indices_(100'000) {
    std::iota(indices_.begin(), indices_.end(), std::uint64_t{0});
  }

  /// All candidates, the fastest first: those that got further, then those with the higher rate.
  std::vector<Candidate> run() {
    std::vector<Candidate> all = candidates_of(config_);
    int rounds = 1;
    for (std::size_t left = all.size(); left > 1; left = (left + 1) / 2) ++rounds;
    Progress progress("bench tune", "rounds", static_cast<std::uint64_t>(rounds));
    std::size_t left = all.size();
    for (int round = 0; round < rounds; ++round, left = (left + 1) / 2) {
      const double seconds = config_.seconds / rounds / static_cast<double>(left);
      for (std::size_t i = 0; i < left; ++i) all[i].rates.push_back(measure(all[i], seconds));
      std::sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(left),
                [](const Candidate& a, const Candidate& b) { return a.rate() > b.rate(); });
      progress.update(static_cast<std::uint64_t>(round) + 1,
                      fmt::format("best {:.0f} visits/s", all.front().rate()));
    }
    return all;
  }

  std::string game() const { return game_->spec(); }
  std::string net() const { return net_->spec(); }

 private:
  static std::string game_spec(const TuneConfig& config) {
    if (!config.game.empty()) return config.game;
    const bool is_file = std::filesystem::exists(config.net);
    const std::string of_net = is_file ? selfplay::game_of_net(config.net) : "";
    return of_net.empty() ? "go:size=9" : of_net;
  }

  double measure(const Candidate& candidate, double seconds) const {
    selfplay::SelfPlayConfig self_play;
    self_play.simulations = config_.simulations;
    self_play.games_per_thread = candidate.games_per_thread;
    // All games are still in the same opening, which a cache would answer far more often than in a
    // long run.
    self_play.cache_mb = 0;
    selfplay::SelfPlayJob job;
    job.game = game_;
    job.plan = selfplay::make_plan(graph_, *game_, candidate.precision, candidate.games_per_thread);
    job.indices = indices_;
    job.threads = candidate.threads;
    const auto slices = play_slices(self_play, job, seconds, 1);
    return visits_per_second(slices.front(), slices.back());
  }

  const TuneConfig& config_;
  const std::shared_ptr<const envs::Game> game_;
  const std::unique_ptr<nets::PolicyValueNet> net_;
  const nets::PlanGraph graph_;
  std::vector<std::uint64_t> indices_;
};

BenchReport report_of(const std::vector<Candidate>& candidates, const Tuner& tuner) {
  BenchReport report{"tune",
                     fmt::format("tune: self-play of {} with {}", tuner.game(), tuner.net()),
                     "visits_per_second",
                     {}};
  for (const Candidate& c : candidates)
    report.rows.push_back({{{"precision", nets::to_string(c.precision)},
                            {"threads", c.threads},
                            {"games_per_thread", c.games_per_thread}},
                           to_measurement(c.rates, "", {}),
                           {{"rounds", static_cast<std::int64_t>(c.rates.size())}}});
  return report;
}

/// The tuned knobs alone, with the names and meanings of the one table of knobs.
std::string config_of(const Candidate& best, const Tuner& tuner) {
  selfplay::AlphaZeroConfig config;
  config.game = tuner.game();
  config.net = tuner.net();
  config.precision = nets::to_string(best.precision);
  config.threads = best.threads;
  config.self_play.games_per_thread = best.games_per_thread;
  selfplay::validate(config);
  constexpr std::string_view kTuned[] = {"game", "net", "threads", "precision", "games_per_thread"};
  std::vector<ConfigLine> lines;
  for (const selfplay::ConfigField& field : config_fields(config))
    if (std::find(std::begin(kTuned), std::end(kTuned), field.name) != std::end(kTuned))
      lines.push_back({field.group, field.name, field_to_string(field), field.help,
                       std::holds_alternative<std::string*>(field.value)});
  return write_config(fmt::format("Fastest self-play on {}, by tengen bench tune: {:.0f} visits/s",
                                  read_machine().cpu, best.rate()),
                      lines);
}

}  // namespace

TuneResult tune(const TuneConfig& config) {
  Tuner tuner(config);
  const std::vector<Candidate> candidates = tuner.run();
  return {report_of(candidates, tuner), config_of(candidates.front(), tuner)};
}

}  // namespace tengen::tools
