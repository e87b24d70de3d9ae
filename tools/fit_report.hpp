// What `tengen fit` made, for people: scores, the confusion matrix, learning curves, the filters of
// the first layer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "selfplay/fit/confusion_matrix.hpp"
#include "selfplay/fit/fit_task.hpp"
#include "selfplay/run_directory.hpp"
#include "tools/curve.hpp"
#include "tools/png_file.hpp"

namespace tengen::tools {

struct TestResult {
  std::string text;  // "loss 0.031  accuracy 0.9896", with "sparsity 0.8" if weights are zero
  std::optional<selfplay::Classified> answers;  // of classifications
};

/// Goes through the test examples, with a progress line on stderr.
TestResult tested(selfplay::FitModel& model);

/// A row for each class with what it was taken for, precision, recall and F1, then the accuracy.
/// `names` of the classes; empty: their numbers.
std::string confusion_text(const selfplay::ConfusionMatrix& matrix,
                           const std::vector<std::string>& names);

/// A curve for each metric of a run over its epochs, the losses first.
std::vector<Curve> fit_curves(const selfplay::RunDirectory& run);

/// Filters [K, H, W, C] side by side, the mean over their channels: white is zero, blue positive,
/// red negative, on a scale of each filter's own.
Picture filters_picture(const Tensor& filters);

}  // namespace tengen::tools
