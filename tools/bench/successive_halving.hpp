// Finds the fastest of several candidates by successive halving (Karnin, Koren and Somekh 2013):
// every round measures all candidates that are left, in turn, and keeps the faster half. Rounds
// last equally long, so those which are close to the best are measured longest.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace tengen::tools {

/// Measures candidate number `index` for about `seconds`; returns its rate.
using CandidateRate = std::function<double(std::size_t index, double seconds)>;

struct RankedCandidate {
  std::size_t index = 0;
  std::vector<double> rates = {};  // one for each round that it was in

  double rate() const;  // their median
};

/// All candidates, the best first: those that got further, then those with the higher rate. The
/// rounds take about `seconds` together; their progress is shown under `label`. Throws
/// std::invalid_argument if there are no candidates.
std::vector<RankedCandidate> successive_halving(const std::string& label, std::size_t candidates,
                                                double seconds, const CandidateRate& rate);

}  // namespace tengen::tools
