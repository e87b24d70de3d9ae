// What a classifier takes for what: its scores, the confusion matrix with precision, recall and F1
// of each class, and ensembles of classifiers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "selfplay/fit/fit_task.hpp"

namespace tengen::selfplay {

/// The class of the largest probability of example `n`, the first among equals.
int likeliest(const Classified& classified, std::size_t n);

/// Loss -log p(class), quality and metric "accuracy".
FitScores scores_of(const Classified& classified);

class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(int classes);
  /// Each example counts for its likeliest() class.
  explicit ConfusionMatrix(const Classified& classified);

  void add(int actual, int predicted);

  int classes() const { return classes_; }
  /// Examples of class `actual` that were taken for `predicted`.
  std::int64_t count(int actual, int predicted) const;
  std::int64_t total() const;

  // 0 where there is nothing to divide by.
  double accuracy() const;
  /// Of those taken for the class, the share that is.
  double precision(int of_class) const;
  /// Of those of the class, the share that was found.
  double recall(int of_class) const;
  /// The harmonic mean of both.
  double f1(int of_class) const;

 private:
  std::int64_t& at(int actual, int predicted);

  int classes_;
  std::vector<std::int64_t> counts_;  // [actual, predicted]
};

/// The means of several classifiers' probabilities for the same examples (bagging, Breiman 1996).
/// At least one; throws std::invalid_argument if they are not of the same examples.
Classified average(std::span<const Classified> members);

}  // namespace tengen::selfplay
