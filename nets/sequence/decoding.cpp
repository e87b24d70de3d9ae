#include "nets/sequence/decoding.hpp"

#include <algorithm>

#include "engine/autograd/ops_softmax.hpp"
#include "engine/base/error.hpp"

namespace tengen::nets {

namespace {

using Tokens = std::vector<std::int32_t>;

Tensor column_of(const Tokens& tokens) {
  return Tensor::from({static_cast<std::int64_t>(tokens.size())},
                      std::span<const std::int32_t>(tokens));
}

std::span<const float> row_of(const Tensor& x, std::size_t row) {
  const auto width = static_cast<std::size_t>(x.dim(1));
  return x.values<float>().subspan(row * width, width);
}

/// A beginning of the beam with one token more.
struct Candidate {
  std::size_t parent = 0;
  std::int32_t token = 0;
  double log_probability = 0;
};

/// The `count` best continuations of all beginnings, best first; ties go to the first.
std::vector<Candidate> best_candidates(const std::vector<Hypothesis>& live, const Tensor& logits,
                                       std::size_t count) {
  const Tensor log_chances = log_softmax(Variable(logits)).value();
  std::vector<Candidate> all;
  for (std::size_t i = 0; i < live.size(); ++i) {
    std::int32_t token = 0;
    for (const float log_chance : row_of(log_chances, i))
      all.push_back({i, token++, live[i].log_probability + log_chance});
  }
  std::ranges::stable_sort(all, std::ranges::greater{}, &Candidate::log_probability);
  all.resize(std::min(all.size(), count));
  return all;
}

/// The beam search of one source.
class Beam {
 public:
  Beam(EncoderDecoder& net, const TokenBatch& source, int width, const DecodingLimits& limits)
      : net_(net),
        limits_(limits),
        width_(static_cast<std::size_t>(width)),
        state_(net.begin(source)),
        live_(1),
        last_{limits.boundary} {}

  std::vector<Hypothesis> run() {
    for (int i = 0; i < limits_.max_tokens && !live_.empty() && !is_decided(); ++i) grow();
    for (Hypothesis& hypothesis : live_) keep(std::move(hypothesis));
    return std::move(finished_);
  }

 private:
  /// A longer target is never likelier than its beginning.
  bool is_decided() const {
    return finished_.size() == width_ &&
           finished_.back().log_probability >= live_.front().log_probability;
  }

  /// The best beginnings with one token more.
  void grow() {
    const Tensor logits = net_.step(state_, column_of(last_));
    std::vector<Hypothesis> next;
    std::vector<std::int64_t> parents;
    last_.clear();
    for (const Candidate& candidate : best_candidates(live_, logits, width_)) {
      Hypothesis grown{live_[candidate.parent].tokens, candidate.log_probability};
      if (candidate.token == limits_.boundary) {
        grown.finished = true;
        keep(std::move(grown));
        continue;
      }
      grown.tokens.push_back(candidate.token);
      next.push_back(std::move(grown));
      parents.push_back(static_cast<std::int64_t>(candidate.parent));
      last_.push_back(candidate.token);
    }
    live_ = std::move(next);
    if (!live_.empty()) state_ = select_rows(state_, parents);
  }

  void keep(Hypothesis hypothesis) {
    finished_.push_back(std::move(hypothesis));
    std::ranges::stable_sort(finished_, std::ranges::greater{}, &Hypothesis::log_probability);
    if (finished_.size() > width_) finished_.pop_back();
  }

  EncoderDecoder& net_;
  const DecodingLimits limits_;
  const std::size_t width_;
  DecoderState state_;
  std::vector<Hypothesis> live_, finished_;
  Tokens last_;  // of each live one
};

}  // namespace

DecoderState select_rows(const DecoderState& state, const std::vector<std::int64_t>& rows) {
  DecoderState result;
  for (const Tensor& tensor : state) {
    std::vector<std::int64_t> dims(tensor.shape().dims().begin(), tensor.shape().dims().end());
    dims[0] = static_cast<std::int64_t>(rows.size());
    result.emplace_back(Shape(std::span<const std::int64_t>(dims)), tensor.dtype());
    for (std::int64_t i = 0; i < dims[0]; ++i) {
      const std::int64_t from = rows[static_cast<std::size_t>(i)];
      result.back().rows(i, i + 1).copy_from(tensor.rows(from, from + 1));
    }
  }
  return result;
}

std::vector<Tokens> decode_greedily(EncoderDecoder& net, const TokenBatch& source,
                                    const DecodingLimits& limits) {
  DecoderState state = net.begin(source);
  Tokens last(source.lengths.size(), limits.boundary);
  std::vector<Tokens> targets(last.size());
  std::vector<bool> finished(last.size());
  for (int i = 0; i < limits.max_tokens && std::ranges::count(finished, false) > 0; ++i) {
    const Tensor logits = net.step(state, column_of(last));
    for (std::size_t n = 0; n < last.size(); ++n) {
      const auto row = row_of(logits, n);
      last[n] = static_cast<std::int32_t>(std::ranges::max_element(row) - row.begin());
      finished[n] = finished[n] || last[n] == limits.boundary;
      if (!finished[n]) targets[n].push_back(last[n]);
    }
  }
  return targets;
}

std::vector<Hypothesis> decode_by_beam(EncoderDecoder& net, const TokenBatch& source, int beam,
                                       const DecodingLimits& limits) {
  if (beam < 1 || source.lengths.size() != 1)
    bad_argument("decode_by_beam", "expected a beam and one source, got {} and {}", beam,
                 source.lengths.size());
  return Beam(net, source, beam, limits).run();
}

}  // namespace tengen::nets
