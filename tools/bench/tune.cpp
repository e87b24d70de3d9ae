#include "tools/bench/tune.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "selfplay/alpha_zero_config.hpp"
#include "selfplay/net_plan.hpp"
#include "selfplay/players/net_player.hpp"
#include "tools/bench/fixtures.hpp"
#include "tools/bench/search_bench.hpp"
#include "tools/bench/selfplay_bench.hpp"
#include "tools/bench/successive_halving.hpp"
#include "tools/config_file.hpp"
#include "tools/machine.hpp"

namespace tengen::tools {
namespace {

constexpr double kTreeShare = 1.0 / 3;  // of the seconds
constexpr double kNearlyAsFast = 0.95;  // of the fastest tree

struct Candidate {
  nets::Precision precision = nets::Precision::fp32;
  int threads = 1;
  int batch = 1;                   // of each thread: games, or leaves of one tree
  std::vector<double> rates = {};  // visits/s

  double rate() const { return summarise(rates).median; }
  int at_once() const { return threads * batch; }
};

std::vector<nets::Precision> precisions_of(const TuneConfig& config) {
  if (config.precisions.empty()) return native_precisions();
  std::vector<nets::Precision> precisions;
  for (const std::string& text : config.precisions) precisions.push_back(supported_precision(text));
  return precisions;
}

std::vector<int> threads_of(const TuneConfig& config) {
  if (!config.threads.empty()) return config.threads;
  const int all = read_machine().threads;
  return all < 2 ? std::vector{all} : std::vector{all, all / 2};
}

std::vector<Candidate> combine(const std::vector<nets::Precision>& precisions,
                               const std::vector<int>& threads, const std::vector<int>& batches) {
  std::vector<Candidate> candidates;
  for (const nets::Precision precision : precisions)
    for (const int count : threads)
      for (const int batch : batches) candidates.push_back({precision, count, batch});
  return candidates;
}

using Rate = std::function<double(const Candidate&, double seconds)>;

/// The candidates with what was measured, the fastest first.
std::vector<Candidate> compare(const std::string& label, const std::vector<Candidate>& candidates,
                               double seconds, const Rate& rate) {
  std::vector<Candidate> ranking;
  for (const RankedCandidate& ranked : successive_halving(
           label, candidates.size(), seconds,
           [&](std::size_t index, double share) { return rate(candidates[index], share); })) {
    ranking.push_back(candidates[ranked.index]);
    ranking.back().rates = ranked.rates;
  }
  return ranking;
}

/// The one with the fewest leaves at once of those nearly as fast as the fastest.
Candidate choose_for_play(const std::vector<Candidate>& ranking) {
  Candidate chosen = ranking.front();
  for (const Candidate& c : ranking)
    if (c.rate() >= kNearlyAsFast * ranking.front().rate() && c.at_once() < chosen.at_once())
      chosen = c;
  return chosen;
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

  std::vector<Candidate> compare_self_play() const {
    return compare("bench tune self-play",
                   combine(precisions_of(config_), threads_of(config_), config_.games_per_thread),
                   (1 - kTreeShare) * config_.seconds, [this](const Candidate& c, double seconds) {
                     return self_play_rate(c, seconds);
                   });
  }
  std::vector<Candidate> compare_trees(nets::Precision precision) const {
    const std::vector<Candidate> candidates =
        combine({precision}, threads_of(config_), config_.leaves);
    // One plan for all, which is warm when it has once seen batches of each size.
    const auto largest = std::max_element(config_.leaves.begin(), config_.leaves.end());
    const auto plan = selfplay::make_plan(graph_, *game_, precision, *largest);
    return compare("bench tune search", candidates, kTreeShare * config_.seconds,
                   [&](const Candidate& c, double seconds) { return tree_rate(c, plan, seconds); });
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

  double self_play_rate(const Candidate& candidate, double seconds) const {
    selfplay::SelfPlayConfig self_play;
    self_play.simulations = config_.simulations;
    self_play.games_per_thread = candidate.batch;
    // All games are still in the same opening, which a cache would answer far more often than in a
    // long run.
    self_play.cache_mb = 0;
    selfplay::SelfPlayJob job;
    job.game = game_;
    job.plan = selfplay::make_plan(graph_, *game_, candidate.precision, candidate.batch);
    job.indices = indices_;
    job.threads = candidate.threads;
    const auto slices = play_slices(self_play, job, seconds, 1);
    return visits_per_second(slices.front(), slices.back());
  }

  double tree_rate(const Candidate& candidate,
                   const std::shared_ptr<const nets::InferencePlan>& plan, double seconds) const {
    const Contender visits =
        tree_visits(game_, plan, {.threads = candidate.threads, .batch = candidate.batch});
    visits(0.2 * seconds);  // warm-up
    return visits(0.8 * seconds);
  }

  const TuneConfig& config_;
  const std::shared_ptr<const envs::Game> game_;
  const std::unique_ptr<nets::PolicyValueNet> net_;
  const nets::PlanGraph graph_;
  std::vector<std::uint64_t> indices_;
};

BenchReport report_of(const std::string& name, const std::string& title,
                      const std::string& batch_key, const std::vector<Candidate>& ranking) {
  BenchReport report{name, title, "visits_per_second", {}};
  for (const Candidate& c : ranking)
    report.rows.push_back({{{"precision", nets::to_string(c.precision)},
                            {"threads", c.threads},
                            {batch_key, c.batch}},
                           to_measurement(c.rates, "", {}),
                           {{"rounds", static_cast<std::int64_t>(c.rates.size())}}});
  return report;
}

/// The tuned knobs alone, with the names and meanings of the one table of knobs.
std::string train_section(const Candidate& best, const Tuner& tuner) {
  selfplay::AlphaZeroConfig config;
  config.game = tuner.game();
  config.net = tuner.net();
  config.precision = nets::to_string(best.precision);
  config.threads = best.threads;
  config.self_play.games_per_thread = best.batch;
  selfplay::validate(config);
  constexpr std::string_view kTuned[] = {"game", "net", "threads", "precision", "games_per_thread"};
  std::vector<ConfigLine> lines;
  for (const selfplay::ConfigField& field : config_fields(config))
    if (std::find(std::begin(kTuned), std::end(kTuned), field.name) != std::end(kTuned))
      lines.push_back({field.group, field.name, field_to_string(field), field.help,
                       std::holds_alternative<std::string*>(field.value)});
  return write_config(fmt::format("Fastest self-play on {}, by tengen bench tune: {:.0f} visits/s",
                                  read_machine().cpu, best.rate()),
                      lines, "train");
}

/// Neither game nor net: those of `tengen gtp` are a trained net's.
std::string gtp_section(const Candidate& chosen) {
  return write_config(
      fmt::format("Search of one tree, of the settings within {:.0f}% of the fastest that with the "
                  "fewest leaves at once: {:.0f} visits/s",
                  100 * (1 - kNearlyAsFast), chosen.rate()),
      {{"", "threads", std::to_string(chosen.threads), "search threads"},
       {"", "batch", std::to_string(chosen.batch), "leaves that a thread evaluates at once"},
       {"", "precision", nets::to_string(chosen.precision), "of the net", true}},
      "gtp");
}

}  // namespace

TuneResult tune(const TuneConfig& config) {
  const Tuner tuner(config);
  const std::vector<Candidate> self_play = tuner.compare_self_play();
  const std::vector<Candidate> trees = tuner.compare_trees(self_play.front().precision);
  const std::string subject = fmt::format("{} with {}", tuner.game(), tuner.net());
  return {{report_of("tune", "tune: self-play of " + subject, "games_per_thread", self_play),
           report_of("tune_tree", "tune: one tree of " + subject, "batch", trees)},
          train_section(self_play.front(), tuner) + "\n" + gtp_section(choose_for_play(trees))};
}

}  // namespace tengen::tools
