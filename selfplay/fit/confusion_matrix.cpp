#include "selfplay/fit/confusion_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/base/error.hpp"

namespace tengen::selfplay {

namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::span<const float> row_of(const Classified& classified, std::size_t n) {
  const auto width = static_cast<std::size_t>(classified.probabilities.dim(1));
  return classified.probabilities.values<float>().subspan(n * width, width);
}

}  // namespace

int likeliest(const Classified& classified, std::size_t n) {
  const std::span<const float> row = row_of(classified, n);
  return static_cast<int>(std::ranges::max_element(row) - row.begin());
}

FitScores scores_of(const Classified& classified) {
  double right = 0, loss = 0;
  for (std::size_t n = 0; n < classified.labels.size(); ++n) {
    const auto label = static_cast<std::size_t>(classified.labels[n]);
    right += likeliest(classified, n) == classified.labels[n];
    loss -= std::log(std::max(row_of(classified, n)[label], 1e-30f));
  }
  const auto count = static_cast<double>(classified.labels.size());
  return {loss / count, right / count, {{"accuracy", right / count}}};
}

ConfusionMatrix::ConfusionMatrix(int classes)
    : classes_(classes), counts_(static_cast<std::size_t>(classes) * classes, 0) {}

ConfusionMatrix::ConfusionMatrix(const Classified& classified)
    : ConfusionMatrix(static_cast<int>(classified.probabilities.dim(1))) {
  for (std::size_t n = 0; n < classified.labels.size(); ++n)
    add(classified.labels[n], likeliest(classified, n));
}

std::int64_t& ConfusionMatrix::at(int actual, int predicted) {
  if (actual < 0 || actual >= classes_ || predicted < 0 || predicted >= classes_)
    bad_argument("ConfusionMatrix", "expected classes in [0, {}), got {} and {}", classes_, actual,
                 predicted);
  return counts_[static_cast<std::size_t>(actual) * classes_ + predicted];
}

void ConfusionMatrix::add(int actual, int predicted) { ++at(actual, predicted); }

std::int64_t ConfusionMatrix::count(int actual, int predicted) const {
  return const_cast<ConfusionMatrix*>(this)->at(actual, predicted);
}

std::int64_t ConfusionMatrix::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

double ConfusionMatrix::accuracy() const {
  std::int64_t right = 0;
  for (int c = 0; c < classes_; ++c) right += count(c, c);
  return ratio(right, total());
}

double ConfusionMatrix::precision(int of_class) const {
  std::int64_t taken = 0;
  for (int actual = 0; actual < classes_; ++actual) taken += count(actual, of_class);
  return ratio(count(of_class, of_class), taken);
}

double ConfusionMatrix::recall(int of_class) const {
  std::int64_t there = 0;
  for (int predicted = 0; predicted < classes_; ++predicted) there += count(of_class, predicted);
  return ratio(count(of_class, of_class), there);
}

double ConfusionMatrix::f1(int of_class) const {
  const double p = precision(of_class), r = recall(of_class);
  return p + r == 0 ? 0 : 2 * p * r / (p + r);
}

Classified average(std::span<const Classified> members) {
  if (members.empty()) bad_argument("average", "expected at least one classifier, got none");
  Classified mean{members[0].probabilities.clone(), members[0].labels};
  const std::span<float> sum = mean.probabilities.values<float>();
  for (const Classified& member : members.subspan(1)) {
    if (member.labels != mean.labels ||
        !(member.probabilities.shape() == mean.probabilities.shape()))
      bad_argument("average", "expected classifiers of the same {} examples, got other ones",
                   mean.labels.size());
    const std::span<const float> term = member.probabilities.values<float>();
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += term[i];
  }
  for (float& p : sum) p /= static_cast<float>(members.size());
  return mean;
}

}  // namespace tengen::selfplay
