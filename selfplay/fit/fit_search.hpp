// Search for good hyper-parameters of `tengen fit`: trials with other values of some knobs, each a
// run directory of its own, chosen at random or by the results of those before (hyper_search.hpp).
//
// Trials are ranked by the task's validation examples; the test's choose nothing.
//
// Everything follows from the seed and the trials' results, and finished trials are found again: an
// interrupted search goes on where it stopped.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "selfplay/fit/fit.hpp"

namespace tengen::selfplay {

/// A knob to vary, within these bounds.
struct SearchAxis {
  std::string name;
  double low = 0, high = 1;
  bool log = false;  // uniform in the logarithm
};

/// From "learning_rate=log:1e-4..1e-1" or "momentum=0.5..0.99". Throws std::invalid_argument that
/// says what is wrong, also if there is no such number among the knobs.
SearchAxis parse_search_axis(const std::string& text);
/// The value at `share` in [0, 1) of the way.
double value_at(const SearchAxis& axis, double share);

struct FitSearchConfig {
  int trials = 20;
  bool guided = true;  // else at random
  std::vector<SearchAxis> axes = {};
};

struct FitTrial {
  int number = 0;  // from 1
  std::filesystem::path run;
  std::map<std::string, std::string> values = {};  // of the knobs that vary
  double quality = 0;  // on the validation examples, of its best epoch; NaN if it diverged
};

/// Runs the trials in `directory`/trial-001 and so on and returns those finished, in order. Throws
/// std::invalid_argument for a task without validation examples.
std::vector<FitTrial> search_fit(const FitConfig& config, const FitSearchConfig& search,
                                 const FitTask& task, const std::filesystem::path& directory,
                                 FitObserver& observer, const std::atomic<bool>* stop = nullptr);

}  // namespace tengen::selfplay
