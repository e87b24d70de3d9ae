#include "selfplay/fit/fit_search.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/base/error.hpp"
#include "engine/optim/hyper_search.hpp"

namespace tengen::selfplay {

namespace {

constexpr std::uint64_t kSearchStream = 0x5ea7c4;  // apart from those of training

double parse_number(const std::string& text, const std::string& axis) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    bad_argument("search", "expected KNOB=LOW..HIGH or KNOB=log:LOW..HIGH, got \"{}\"", axis);
  return value;
}

ConfigField field_of(const std::string& name, FitConfig& config) {
  for (ConfigField& field : fit_fields(config))
    if (field.name == name && !std::holds_alternative<std::string*>(field.value)) return field;
  bad_argument("search", "expected a knob of tengen fit that is a number, got \"{}\"", name);
}

/// Integers are rounded.
std::string text_of(const ConfigField& field, double value) {
  const bool real =
      std::holds_alternative<double*>(field.value) || std::holds_alternative<float*>(field.value);
  return real ? fmt::format("{:.6g}", value) : fmt::format("{}", std::llround(value));
}

/// A trial's config, with the knobs at `point`.
FitConfig config_at(FitConfig config, const std::vector<SearchAxis>& axes, const SearchPoint& point,
                    std::map<std::string, std::string>& values) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const ConfigField field = field_of(axes[i].name, config);
    values[axes[i].name] = text_of(field, value_at(axes[i], point[i]));
    set_field(field, values[axes[i].name]);
  }
  return config;
}

double best_quality(const std::filesystem::path& directory) {
  const RunDirectory run = RunDirectory::open(directory, RunDirectory::Access::read);
  return parse_number(run.state("best_quality").value_or("nan"), "best_quality");
}

}  // namespace

SearchAxis parse_search_axis(const std::string& text) {
  const std::size_t equals = text.find('='), dots = text.find("..");
  if (equals == std::string::npos || dots == std::string::npos || dots < equals)
    bad_argument("search", "expected KNOB=LOW..HIGH or KNOB=log:LOW..HIGH, got \"{}\"", text);
  SearchAxis axis{.name = text.substr(0, equals)};
  std::replace(axis.name.begin(), axis.name.end(), '-', '_');
  std::string low = text.substr(equals + 1, dots - equals - 1);
  axis.log = low.starts_with("log:");
  if (axis.log) low.erase(0, 4);
  axis.low = parse_number(low, text);
  axis.high = parse_number(text.substr(dots + 2), text);
  FitConfig config;
  const ConfigField field = field_of(axis.name, config);
  if (!(axis.low < axis.high) || (axis.log && axis.low <= 0) || axis.low < field.low ||
      axis.high > field.high)
    bad_argument("search", "expected LOW < HIGH within {:g} to {:g}{}, got \"{}\"", field.low,
                 field.high, axis.log ? " and above 0" : "", text);
  return axis;
}

double value_at(const SearchAxis& axis, double share) {
  if (axis.log) return axis.low * std::pow(axis.high / axis.low, share);
  return axis.low + (axis.high - axis.low) * share;
}

std::vector<FitTrial> search_fit(const FitConfig& config, const FitSearchConfig& search,
                                 const FitTask& task, const std::filesystem::path& directory,
                                 FitObserver& observer, const std::atomic<bool>* stop) {
  if (!task.has_validation()) {
    const std::string spec = task.spec();
    bad_argument("search",
                 "expected validation examples to rank the trials by, as of --task "
                 "{}:validation=..., got {}",
                 spec.substr(0, spec.find(':')), spec);
  }
  const int dimensions = static_cast<int>(search.axes.size());
  BayesianSearch guide(dimensions);
  std::vector<FitTrial> trials;
  for (int number = 1; number <= search.trials && !(stop && *stop); ++number) {
    Rng rng = Rng(config.seed).split(kSearchStream).split(static_cast<std::uint64_t>(number));
    const SearchPoint point = search.guided ? guide.propose(rng) : random_point(dimensions, rng);
    FitTrial trial{.number = number, .run = directory / fmt::format("trial-{:03}", number)};
    const FitConfig tried = config_at(config, search.axes, point, trial.values);
    try {
      if (fit(tried, task, trial.run, observer, stop).reason == FitEnd::requested) break;
      trial.quality = best_quality(trial.run);
    } catch (const TrainingDiverged&) {
      trial.quality = std::numeric_limits<double>::quiet_NaN();
    }
    guide.observe(point, trial.quality);
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace tengen::selfplay
