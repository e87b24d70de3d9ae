#include "tools/bench/successive_halving.hpp"

#include <algorithm>

#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "tools/bench/statistic.hpp"

namespace tengen::tools {

double RankedCandidate::rate() const { return summarise(rates).median; }

std::vector<RankedCandidate> successive_halving(const std::string& label, std::size_t candidates,
                                                double seconds, const CandidateRate& rate) {
  if (candidates == 0) bad_argument("successive_halving", "expected at least one candidate");
  std::vector<RankedCandidate> all;
  for (std::size_t i = 0; i < candidates; ++i) all.push_back({.index = i});
  int rounds = 1;
  for (std::size_t left = candidates; left > 1; left = (left + 1) / 2) ++rounds;
  Progress progress(label, "rounds", static_cast<std::uint64_t>(rounds));
  std::size_t left = candidates;
  for (int round = 0; round < rounds; ++round, left = (left + 1) / 2) {
    const auto last = all.begin() + static_cast<std::ptrdiff_t>(left);
    const double share = seconds / rounds / static_cast<double>(left);
    for (auto c = all.begin(); c != last; ++c) c->rates.push_back(rate(c->index, share));
    std::sort(all.begin(), last, [](const RankedCandidate& a, const RankedCandidate& b) {
      return a.rate() > b.rate();
    });
    progress.update(static_cast<std::uint64_t>(round) + 1,
                    fmt::format("best {:.0f}/s", all.front().rate()));
  }
  return all;
}

}  // namespace tengen::tools
