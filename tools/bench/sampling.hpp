// How every bench measures: a warm-up, then samples of the thing and of its ceiling in turn, so
// that whatever drifts (clock speed, other programs) hits both and leaves their ratio alone.
//
// A ceiling is what the machine itself gives, in the same run, for the part of the work that cannot
// be avoided: oneDNN's convolutions of a net, the memory traffic of a search. The ratio to it can
// be compared between machines, the rate cannot.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/bench/statistic.hpp"

namespace tengen::tools {

/// Works for about `seconds`, at least once whatever that takes, and returns what it got done per
/// second.
using Contender = std::function<double(double seconds)>;

struct SamplePlan {
  int repeats = 5;       // samples of each contender
  double seconds = 0.2;  // of one sample
};

struct Ceiling {
  std::string name;  // what it is, for people
  Contender run;     // in the same unit as what it is the ceiling of
};

struct Measurement {
  Statistic rate;
  std::string ceiling_name;  // empty: there is none
  Statistic ceiling;
  double ratio = 0;  // median over the pairs of rate / ceiling
};

/// Calls the contenders in turn, `plan.repeats` times after a warm-up each; returns the samples of
/// each. Work whose single unit takes far longer than a sample should is repeated less often, once
/// at the least.
std::vector<std::vector<double>> sample_in_turn(const std::vector<Contender>& contenders,
                                                const SamplePlan& plan);

/// From samples taken in turn; `ceiling` is empty if there is none.
Measurement to_measurement(const std::vector<double>& samples, const std::string& ceiling_name,
                           const std::vector<double>& ceiling);

Measurement measure(const Contender& contender, const std::optional<Ceiling>& ceiling,
                    const SamplePlan& plan);

/// Does one piece of work and returns how many units it was.
using Work = std::function<double()>;
/// Makes the work of stream number `stream`; called on the thread that will do it.
using WorkMaker = std::function<Work(int stream)>;

/// A contender of `streams` threads that work at once, each on its own with one kernel thread, as
/// self-play's workers do. Its rate is the sum over the streams. The threads and their work live as
/// long as the contender. Throws what a stream throws.
Contender run_streams(int streams, const WorkMaker& make);

}  // namespace tengen::tools
